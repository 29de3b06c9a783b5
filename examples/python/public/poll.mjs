// What the page does: keep a socket open, vote, show the votes of all.

let buttons = [...document.querySelectorAll('[data-choice]')]
let status = document.getElementById('status')

// One vote for each browser.
let voter = (localStorage.voter ??= crypto.getRandomValues(new Uint32Array(3)).join('-'))

// WS_URL may be a path, and older browsers want a whole address.
let url = new URL(window.WS_URL, location.href)
url.protocol = url.protocol.replace('http', 'ws')

let firstWaitMs = 500
let longestWaitMs = 15_000
let waitMs = firstWaitMs
let ws

connect()

function connect() {
  ws = new WebSocket(url)
  ws.onopen = ask
  ws.onmessage = ({ data }) => receive(JSON.parse(data))
  ws.onclose = connectLater
}

// What has no action goes to src/ws/default, which answers with the counts.
function ask() {
  if (ws.readyState === WebSocket.OPEN) ws.send('{}')
}

// API Gateway closes a socket that is silent for ten minutes.
setInterval(ask, 4 * 60_000)

// The socket closed: try again, less and less often. Chance keeps a thousand pages from coming back at the same moment.
function connectLater() {
  let thisWaitMs = waitMs * (0.5 + Math.random() / 2)
  waitMs = Math.min(waitMs * 2, longestWaitMs)
  show('closed', `Closed, trying again in ${Math.ceil(thisWaitMs / 1000)} s`)
  setTimeout(connect, thisWaitMs)
}

for (let button of buttons) {
  button.addEventListener('click', () => {
    localStorage.choice = button.dataset.choice
    // The action decides which function gets a message: src/ws/vote.
    ws.send(JSON.stringify({ action: 'vote', voter, choice: localStorage.choice }))
  })
}

// The last counts that come are right: src/shared/people.py sees to that.
function receive({ type, counts }) {
  if (type !== 'counts') return
  waitMs = firstWaitMs
  let all = Object.values(counts).reduce((sum, one) => sum + one, 0)
  for (let button of buttons) {
    let { choice } = button.dataset
    button.querySelector('output').textContent = counts[choice]
    button.style.setProperty('--share', `${(100 * counts[choice]) / (all || 1)}%`)
    button.ariaPressed = String(choice === localStorage.choice)
  }
  show('open', all === 1 ? '1 vote' : `${all} votes`)
}

function show(state, text) {
  status.dataset.state = state
  status.textContent = text
  for (let button of buttons) button.disabled = state !== 'open'
}
