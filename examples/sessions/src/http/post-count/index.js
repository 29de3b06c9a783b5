let arc = require('@architect/functions')
let requireLogin = require('@architect/shared/require-login')
let requireToken = require('@architect/shared/require-token')

// What is returned as session is the whole session from now on.
exports.handler = arc.http.async(requireLogin, requireToken, async function count(req) {
  return { session: { ...req.session, count: req.session.count + 1 }, location: '/', status: 303 }
})
