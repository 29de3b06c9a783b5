let arc = require('@architect/functions')

// May this client in? Who has a session may.
//
// Messages have no cookies, so the name is kept with the connection. API Gateway ends every connection after two hours.
exports.handler = async function connect(event) {
  let { name } = await readSession(event)
  if (!name) return { statusCode: 401 }
  let { connections } = await arc.tables()
  let expires = Math.ceil(Date.now() / 1000) + (2 * 60 + 10) * 60
  await connections.put({ id: event.requestContext.connectionId, name, expires })
  return { statusCode: 200 }
}

// The cookie of the login page, or the ticket that src/http/get-socket has made.
async function readSession(event) {
  let session = await arc.http.session.read(event)
  let ticket = event.queryStringParameters?.ticket
  return session.name || !ticket ? session : arc.http.session.read({ headers: { cookie: `_idx=${ticket}` } })
}
