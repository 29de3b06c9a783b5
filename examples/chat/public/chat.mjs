// What the page does: keep a socket open, say lines, show what comes.

let status = document.getElementById('status')
let people = document.getElementById('people')
let lines = document.getElementById('lines')
let form = document.getElementById('say')
let nameInput = document.getElementById('name')
let textInput = document.getElementById('text')

// A name for this tab. It stays when the page is loaded again; every tab has its own.
let animals = ['Otter', 'Heron', 'Badger', 'Lynx', 'Raven', 'Hare', 'Toad', 'Wren', 'Marten', 'Stoat']
let someName = () => `${animals[Math.floor(Math.random() * animals.length)]} ${10 + Math.floor(Math.random() * 90)}`
nameInput.value = sessionStorage.getItem('name') ?? someName()

// WS_URL may be a path, and older browsers want a whole address.
let url = new URL(window.WS_URL, location.href)
url.protocol = url.protocol.replace('http', 'ws')

let firstWaitMs = 500
let longestWaitMs = 15_000
let waitMs = firstWaitMs
let timer
let ws

// Functions run side by side, so what is sent second may be done first. The page therefore says who it is, waits for the
// answer, and sends what was typed meanwhile after that.
let askedName
let isJoined = false
let unsent = []

connect()

function connect() {
  clearTimeout(timer)
  show('connecting', 'Connecting')
  ws = new WebSocket(url)
  ws.onopen = () => {
    waitMs = firstWaitMs
    show('open', 'The socket is open')
    join()
  }
  ws.onmessage = ({ data }) => receive(JSON.parse(data))
  ws.onclose = connectLater
}

// The socket closed: try again, less and less often. Chance keeps a thousand pages from coming back at the same moment.
function connectLater() {
  askedName = undefined
  isJoined = false
  let thisWaitMs = waitMs * (0.5 + Math.random() / 2)
  waitMs = Math.min(waitMs * 2, longestWaitMs)
  people.replaceChildren()
  show('closed', `Closed, trying again in ${Math.ceil(thisWaitMs / 1000)} s`)
  timer = setTimeout(connect, thisWaitMs)
}

// The network is back: no reason to wait.
addEventListener('online', () => {
  if (ws.readyState === WebSocket.CLOSED) connect()
})

function show(state, text) {
  status.dataset.state = state
  status.textContent = text
}

function send(message) {
  ws.send(JSON.stringify(message))
}

// The action decides which function gets a message: src/ws/join. What has no action goes to src/ws/default.
function join() {
  if (ws.readyState !== WebSocket.OPEN || askedName !== undefined) return
  askedName = nameInput.value
  sessionStorage.setItem('name', askedName)
  send({ action: 'join', name: askedName })
}

function sendLines() {
  if (!isJoined || askedName !== undefined) return
  for (let text of unsent.splice(0)) send({ text })
}

function receive(message) {
  if (message.type === 'joined') hasJoined(message)
  else if (message.type === 'people') showPeople(message)
  else if (message.type === 'line') showLine(message)
  else failed(message)
}

function hasJoined({ name }) {
  let isOutdated = nameInput.value !== askedName
  askedName = undefined
  isJoined = true
  if (isOutdated) return join()
  nameInput.value = name
  sendLines()
}

// A function failed, and the gateway says so.
function failed(message) {
  askedName = undefined
  console.error(message)
}

// Everyone who is here. The last list that comes is right: src/shared/broadcast.js sees to that.
function showPeople({ people: names }) {
  people.replaceChildren(...names.map((name) => element('li', { textContent: name, style: `--hue: ${hue(name)}` })))
}

function showLine({ from, text, at }) {
  let isAtEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40
  let item = element('li', { className: from === nameInput.value ? 'mine' : '', style: `--hue: ${hue(from)}` })
  let time = new Date(at)
  // What people write is text and nothing else: textContent, never innerHTML.
  item.append(
    element('b', { textContent: from }),
    element('time', {
      textContent: time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }),
      dateTime: time.toISOString()
    }),
    element('p', { textContent: text })
  )
  lines.append(item)
  if (isAtEnd) lines.scrollTop = lines.scrollHeight
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties)
}

// A colour for a name, the same in every tab.
function hue(name) {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7)
}

nameInput.addEventListener('change', join)

form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (textInput.value.trim() !== '') unsent.push(textInput.value)
  textInput.value = ''
  sendLines()
})
