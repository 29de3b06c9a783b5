let arc = require('@architect/functions')
let { layout } = require('@architect/views/layout')

exports.handler = arc.http.async(async function login() {
  let content = `<form method=post action="/login">
  <input type=hidden name=csrf value="${arc.http.csrf.create()}">
  <label>Your name <input name=name maxlength=24 required autofocus autocomplete=username></label>
  <button>Log in</button>
</form>`
  return { html: layout('Who is there?', content) }
})
