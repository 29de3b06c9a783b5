let arc = require('@architect/functions')

// the cookie of the pages comes with the handshake
exports.handler = arc.http.async(connect)

async function connect(req) {
  let { account } = req.session
  if (!account) return { statusCode: 401 }
  let { people } = await arc.tables()
  await people.put({ connectionId: req.requestContext.connectionId, account })
  return { statusCode: 200 }
}
