let arc = require('@architect/functions')

exports.handler = async function notes(req) {
  let session = await arc.http.session.read(req)
  if (!session.account) return { statusCode: 401 }
  let data = await arc.tables()
  let items = await data.notes.scanAll({
    FilterExpression: 'account = :account',
    ExpressionAttributeValues: { ':account': session.account },
  })
  let cookie = await arc.http.session.write({ ...session, read: items.length })
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache', 'set-cookie': cookie },
    body: JSON.stringify({ read: session.read, notes: items.map(({ text }) => text) }),
  }
}
