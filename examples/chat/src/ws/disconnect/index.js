let connections = require('../../shared/connections')
let { announce } = require('../../shared/broadcast')

// The client has gone, and nothing can be sent to it any more.
exports.handler = async function disconnect(event) {
  await connections.remove(event.requestContext.connectionId)
  await announce()
  return { statusCode: 200 }
}
