let arc = require('@architect/functions')

// Where the page opens its socket.
//
// In the sandbox page and socket share a host, and the browser sends the session's cookie to both. On AWS they have hosts of
// their own, so the page gets a ticket: a session that ends after a minute.
exports.handler = arc.http.async(async function socket(req) {
  let { name } = req.session
  if (!name) return { status: 401, json: { url: null } }
  let url = process.env.ARC_WSS_URL
  if (process.env.ARC_SANDBOX) return { json: { url: new URL(url).pathname } }
  let exp = Math.floor(Date.now() / 1000) + 60
  let cookie = await arc.http.session.write({ name, exp })
  let [, ticket] = /^_idx=([^;]+)/.exec(cookie)
  return { json: { url: `${url}?ticket=${ticket}` } }
})
