let arc = require('@architect/functions')

module.exports = async function requireToken(req) {
  let { csrf } = req.body
  if (!csrf || !arc.http.csrf.verify(csrf)) return { status: 403, text: 'Please load the page again' }
}
