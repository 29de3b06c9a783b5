// What the page does: keep a socket open, put a hand up, show how many are up.

let status = document.getElementById('status')
let buttons = [...document.querySelectorAll('button')]

// WS_URL may be a path, and older browsers want a whole address.
let url = new URL(window.WS_URL, location.href)
url.protocol = url.protocol.replace('http', 'ws')

let ws
let drink

connect()

function connect() {
  ws = new WebSocket(url)
  ws.onopen = say
  ws.onmessage = ({ data }) => show(JSON.parse(data))
  ws.onclose = () => {
    for (let button of buttons) button.disabled = true
    status.textContent = 'Closed, trying again'
    setTimeout(connect, 500 + Math.random() * 2000)
  }
}

// With an action it goes to src/ws/vote, without one to src/ws/default. Saying it again does no harm, and keeps the socket
// open: API Gateway closes one that is silent for ten minutes.
function say() {
  if (ws.readyState === WebSocket.OPEN) ws.send(JSON.stringify(drink ? { action: 'vote', drink } : {}))
}
setInterval(say, 4 * 60_000)

// The last tally that comes is right: src/shared/hands.ts sees to that.
function show({ type, hands }) {
  if (type !== 'tally') return
  status.textContent = 'One hand for each open page'
  for (let button of buttons) {
    button.disabled = false
    button.setAttribute('aria-pressed', button.value === drink)
    button.querySelector('output').textContent = hands[button.value]
  }
}

for (let button of buttons) {
  button.addEventListener('click', () => {
    drink = button.value
    say()
  })
}
