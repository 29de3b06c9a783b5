let connections = require('../../shared/connections')
let { announce, broadcast } = require('../../shared/broadcast')

// {"text": "..."}: a line for everyone.
exports.handler = async function line(event) {
  let text = readText(event.body)
  let sender = await connections.find(event.requestContext.connectionId)
  if (!sender || !text) return { statusCode: 200 }
  let gone = await broadcast({ type: 'line', from: sender.name, text, at: Date.now() })
  // The line found someone gone, so the list was wrong.
  if (gone > 0) await announce()
  return { statusCode: 200 }
}

// The page sends JSON; another client may send anything, which is then nothing to say.
function readText(body) {
  try {
    let { text } = JSON.parse(body)
    return typeof text === 'string' ? text.trim().slice(0, 2000) : ''
  } catch {
    return ''
  }
}
