let arc = require('@architect/functions')

exports.handler = async function disconnect (event) {
  let { guests } = await arc.tables()
  await guests.delete({ id: event.requestContext.connectionId })
  return { statusCode: 200 }
}
