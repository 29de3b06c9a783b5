let connections = require('@architect/shared/connections')
let { announce } = require('@architect/shared/tell')

// The client has gone. AWS does its best to say so and promises nothing, so being said twice, or never, does no harm.
exports.handler = async function disconnect(event) {
  let id = event.requestContext.connectionId
  for (let room of await connections.roomsOf(id)) {
    await connections.remove({ room, id })
    await announce(room)
  }
  return { statusCode: 200 }
}
