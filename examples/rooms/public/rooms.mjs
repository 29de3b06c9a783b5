// What the page does: keep a socket open, be in a room, say lines, show who is here and what they say.

let byId = (id) => document.getElementById(id)
let nameInput = byId('name')
let textInput = byId('text')
let people = byId('people')
let lines = byId('lines')

let tidy = (text) => text.replace(/\s+/g, ' ').trim().slice(0, 40)
let room = tidy(new URLSearchParams(location.search).get('room') ?? '') || 'lobby'
document.title = byId('room').textContent = room

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
let ws

// Lines that wait until this page is in the room. Only who is there gets the list of people, so that is the sign.
let isInRoom = false
let unsent = []

connect()

function connect() {
  show('connecting', 'Connecting')
  ws = new WebSocket(url)
  ws.onopen = join
  ws.onmessage = ({ data }) => receive(JSON.parse(data))
  ws.onclose = connectLater
}

// The socket closed: try again, less and less often. Chance keeps a thousand pages from coming back at the same moment.
function connectLater() {
  isInRoom = false
  people.replaceChildren()
  let thisWaitMs = waitMs * (0.5 + Math.random() / 2)
  waitMs = Math.min(waitMs * 2, longestWaitMs)
  show('closed', `Closed, trying again in ${Math.ceil(thisWaitMs / 1000)} s`)
  setTimeout(connect, thisWaitMs)
}

// The action decides which function gets a message: src/ws/join. What has no action goes to src/ws/default.
function join() {
  if (ws.readyState !== WebSocket.OPEN) return
  sessionStorage.setItem('name', nameInput.value)
  ws.send(JSON.stringify({ action: 'join', room, name: nameInput.value }))
}

// API Gateway closes a socket that is silent for ten minutes. Joining again does no harm, and finds who left unnoticed.
setInterval(join, 4 * 60_000)
nameInput.addEventListener('change', join)

function sendLines() {
  if (!isInRoom) return
  for (let text of unsent.splice(0)) ws.send(JSON.stringify({ room, text }))
}

byId('say').addEventListener('submit', (event) => {
  event.preventDefault()
  if (textInput.value.trim() !== '') unsent.push(textInput.value)
  textInput.value = ''
  sendLines()
})

function receive(message) {
  if (message.type === 'people') showPeople(message)
  else if (message.type === 'line') showLine(message)
  else console.error(message) // A function failed, and the gateway says so.
}

// Everyone in the room. The last list that comes is right: src/shared/tell.js sees to that.
function showPeople({ people: names }) {
  if (!isInRoom) {
    isInRoom = true
    waitMs = firstWaitMs
    show('open', 'You are in the room')
    sendLines()
  }
  people.replaceChildren(...names.map((name) => element('li', { textContent: name, style: `--hue: ${hue(name)}` })))
}

function showLine({ from, text, at }) {
  let isAtEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40
  let item = element('li', { className: from === nameInput.value ? 'mine' : '', style: `--hue: ${hue(from)}` })
  let time = new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  // What people write is text and nothing else: textContent, never innerHTML.
  item.append(element('b', { textContent: from }), element('time', { textContent: time }), element('p', { textContent: text }))
  lines.append(item)
  if (isAtEnd) lines.scrollTop = lines.scrollHeight
}

function show(state, text) {
  byId('status').dataset.state = state
  byId('status').textContent = text
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties)
}

// A colour for a name, the same in every tab.
function hue(name) {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7)
}
