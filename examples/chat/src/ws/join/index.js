let arc = require('@architect/functions')
let connections = require('../../shared/connections')
let { announce } = require('../../shared/broadcast')

// {"action": "join", "name": "Ann"}: this connection is here, or has another name from now on.
exports.handler = async function join(event) {
  let id = event.requestContext.connectionId
  let name = tidy(JSON.parse(event.body).name)
  await connections.keep({ id, name, joinedAt: event.requestContext.connectedAt })
  await arc.ws.send({ id, payload: { type: 'joined', name } })
  await announce()
  return { statusCode: 200 }
}

function tidy(name) {
  let text = typeof name === 'string' ? name.replace(/\s+/g, ' ').trim().slice(0, 24) : ''
  return text || 'Someone'
}
