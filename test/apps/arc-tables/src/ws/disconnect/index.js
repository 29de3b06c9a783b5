let arc = require('@architect/functions')

exports.handler = async function disconnect(event) {
  let data = await arc.tables()
  await data.connections.delete({ id: event.requestContext.connectionId })
  return { statusCode: 200 }
}
