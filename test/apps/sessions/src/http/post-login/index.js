let arc = require('@architect/functions')
let requireToken = require('@architect/shared/require-token')

exports.handler = arc.http.async(requireToken, login)

async function login(req) {
  let { account, password } = req.body
  if (password !== 'opensesame') return { location: '/login?wrong=1' }
  return { session: { account, since: new Date().toISOString() }, location: '/' }
}
