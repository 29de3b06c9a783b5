let arc = require('@architect/functions')

module.exports = async function requireToken(req) {
  if (!arc.http.csrf.verify(req.body.csrf)) return { status: 403, text: 'Please load the page again' }
}
