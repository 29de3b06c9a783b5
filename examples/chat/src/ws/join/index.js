let connections = require('../../shared/connections')
let { announce } = require('../../shared/broadcast')

// {"action": "join", "name": "Ann"}: this connection is here, or has another name from now on.
exports.handler = async function join(event) {
  let id = event.requestContext.connectionId
  let { name } = JSON.parse(event.body)
  await connections.keep({ id, name: tidy(name), joinedAt: event.requestContext.connectedAt })
  await announce()
  return { statusCode: 200 }
}

function tidy(name) {
  let text = typeof name === 'string' ? name.replace(/\s+/g, ' ').trim().slice(0, 24) : ''
  return text || 'Someone'
}
