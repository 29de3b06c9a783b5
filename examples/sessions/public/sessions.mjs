// What the page does: open a socket, ask it who is there, show what it says.

let said = document.getElementById('said')

let { url: address } = await (await fetch('/socket')).json()
// In the sandbox it is a path, and older browsers want a whole address.
let url = new URL(address, location.href)
url.protocol = url.protocol.replace('http', 'ws')

let ws = new WebSocket(url)
ws.onopen = () => ws.send('Who am I?')
ws.onmessage = ({ data }) => (said.textContent = JSON.parse(data).text)
ws.onclose = () => (said.textContent = 'Closed. Load the page again.')
