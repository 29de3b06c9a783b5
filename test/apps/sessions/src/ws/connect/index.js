let arc = require('@architect/functions')

exports.handler = async function connect(event) {
  let { account } = await arc.http.session.read(event)
  if (!account) return { statusCode: 401 }
  let { people } = await arc.tables()
  await people.put({ connectionId: event.requestContext.connectionId, account })
  return { statusCode: 200 }
}
