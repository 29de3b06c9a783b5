let notes = document.getElementById('notes')
let form = document.getElementById('note')
let socket = new WebSocket(window.WS_URL)

socket.onopen = () => document.body.classList.add('open')
socket.onclose = () => document.body.classList.remove('open')
socket.onmessage = ({ data }) => {
  let item = document.createElement('li')
  item.textContent = JSON.parse(data).text
  notes.append(item)
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  socket.send(JSON.stringify({ text: form.text.value }))
  form.reset()
})
