let arc = require('@architect/functions')

exports.handler = async function disconnect(event) {
  let { people } = await arc.tables()
  await people.delete({ connectionId: event.requestContext.connectionId })
  return { statusCode: 200 }
}
