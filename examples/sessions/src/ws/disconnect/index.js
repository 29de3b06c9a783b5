let arc = require('@architect/functions')

exports.handler = async function disconnect(event) {
  let { connections } = await arc.tables()
  await connections.delete({ id: event.requestContext.connectionId })
  return { statusCode: 200 }
}
