let arc = require('@architect/functions')
let requireLogin = require('@architect/shared/require-login')
let layout = require('@architect/views/layout')

exports.handler = arc.http.async(requireLogin, index)

async function index(req) {
  let { notes } = await arc.tables()
  let { Items } = await notes.query({
    KeyConditionExpression: 'account = :account',
    ExpressionAttributeValues: { ':account': req.session.account },
  })
  return {
    html: layout(`Notes of ${req.session.account}`, `
<ul id=notes>${Items.map(({ text }) => `<li>${text}</li>`).join('')}</ul>
<form id=note><input name=text autofocus><button>Note</button></form>
<form action=/logout method=post>
<input type=hidden name=csrf value="${arc.http.csrf.create()}">
<button>Log out</button>
</form>
<script>window.WS_URL = '${process.env.ARC_WSS_URL}'</script>
<script type=module src="${arc.static('/notes.js')}"></script>`),
  }
}
