let arc = require('@architect/functions')

exports.handler = async function connect(event) {
  let { connections } = await arc.tables()
  await connections.put({
    id: event.requestContext.connectionId,
    expires: Math.floor(Date.now() / 1000) + 3 * 60 * 60,
  })
  return { statusCode: 200 }
}
