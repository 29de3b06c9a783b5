let arc = require('@architect/functions')

// src/ws/default: a message. This one sends its text back to whoever sent it.
exports.handler = async function ws(event) {
  let id = event.requestContext.connectionId
  let payload = { text: readText(event.body) }
  await arc.ws.send({ id, payload })
  return { statusCode: 200 }
}

// The page sends {"text": "..."}; other clients may send anything.
function readText(body) {
  try {
    let { text } = JSON.parse(body)
    return typeof text === 'string' ? text : body
  } catch {
    return body
  }
}
