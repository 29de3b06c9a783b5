let arc = require('@architect/functions')

exports.handler = arc.http.async(disconnect)

async function disconnect(req) {
  let { people } = await arc.tables()
  await people.delete({ connectionId: req.requestContext.connectionId })
  return { statusCode: 200 }
}
