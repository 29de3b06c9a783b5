let arc = require('@architect/functions')
let requireToken = require('@architect/shared/require-token')

// A real app asks for a password here, and looks it up.
exports.handler = arc.http.async(requireToken, async function login(req) {
  let name = String(req.body.name ?? '').trim().slice(0, 24)
  if (!name) return { location: '/login', status: 303 }
  return { session: { name, count: 0 }, location: '/', status: 303 }
})
