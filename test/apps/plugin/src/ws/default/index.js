let arc = require('@architect/functions')

exports.handler = async function unknown (event) {
  let rooms = JSON.parse(process.env.ROOMS)
  await arc.ws.send({ id: event.requestContext.connectionId, payload: { rooms } })
  return { statusCode: 200 }
}
