let connections = require('@architect/shared/connections')
let { announce, tell } = require('@architect/shared/tell')

// {"room": "lobby", "text": "hello"}: a line for everyone in the room, from someone who is in it.
exports.handler = async function line(event) {
  let { room, text } = readLine(event.body)
  if (!text) return { statusCode: 400 }
  let people = await connections.list(room)
  let sender = people.find(({ id }) => id === event.requestContext.connectionId)
  if (!sender) return { statusCode: 403 }
  let gone = await tell(people, { type: 'line', from: sender.name, text, at: Date.now() })
  if (gone > 0) await announce(room)
  return { statusCode: 200 }
}

// The page sends JSON; another client may send anything, which is then nothing to say.
function readLine(body) {
  try {
    let { room, text } = JSON.parse(body)
    let isLine = typeof room === 'string' && room !== '' && typeof text === 'string'
    return isLine ? { room, text: text.trim().slice(0, 2000) } : {}
  } catch {
    return {}
  }
}
