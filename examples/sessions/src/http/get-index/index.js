let arc = require('@architect/functions')
let requireLogin = require('@architect/shared/require-login')
let { layout, escape } = require('@architect/views/layout')

exports.handler = arc.http.async(requireLogin, async function index(req) {
  let { name, count } = req.session
  let token = `<input type=hidden name=csrf value="${arc.http.csrf.create()}">`
  let content = `<p>Hello <b id=name>${escape(name)}</b>. You have counted to <output id=count>${count}</output>.</p>
<form method=post action="/count">${token}<button>Count</button></form>
<p>The socket says: <output id=said>nothing yet</output></p>
<form method=post action="/logout">${token}<button>Log out</button></form>
<script type=module src="/_static/sessions.mjs"></script>`
  return { html: layout('Sessions', content) }
})
