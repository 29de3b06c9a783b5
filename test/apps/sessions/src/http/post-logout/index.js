let arc = require('@architect/functions')
let requireToken = require('@architect/shared/require-token')

exports.handler = arc.http.async(requireToken, async function logout() {
  return { session: {}, location: '/login' }
})
