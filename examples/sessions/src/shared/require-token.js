let arc = require('@architect/functions')

// Middleware: takes a form only from a page of this app. The page got the token from arc.http.csrf.create().
module.exports = async function requireToken(req) {
  if (!arc.http.csrf.verify(req.body.csrf)) return { status: 403, html: 'This form is too old. Go back and try again.' }
}
