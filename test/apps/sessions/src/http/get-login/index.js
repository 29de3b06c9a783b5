let arc = require('@architect/functions')
let layout = require('@architect/views/layout')

exports.handler = arc.http.async(login)

async function login(req) {
  if (req.session.account) return { location: '/' }
  return {
    html: layout('Log in', `
<form action=/login method=post>
<input type=hidden name=csrf value="${arc.http.csrf.create()}">
<input name=account required placeholder="your name">
<input name=password type=password required>
<button>Log in</button>
</form>${req.query.wrong ? '<p>Wrong name or password</p>' : ''}`),
  }
}
