let arc = require('@architect/functions')

exports.handler = async function disconnect(event) {
  let { words } = await arc.tables()
  await words.delete({ id: event.requestContext.connectionId })
  return { statusCode: 200 }
}
