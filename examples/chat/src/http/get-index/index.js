let getURL = require('./get-web-socket-url')

// The page. Its looks and its script are files in public/.
exports.handler = async function http() {
  return {
    type: 'text/html; charset=utf8',
    body: `<!doctype html>
<html lang=en>
<head>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<title>Chat</title>
<link rel=icon href="/_static/icon.svg">
<link rel=stylesheet href="/_static/chat.css">
</head>
<body>
<header>
  <h1>Chat</h1>
  <p id=status role=status data-state=connecting>Connecting</p>
  <ul id=people aria-label="Who is here"></ul>
</header>
<ol id=lines aria-live=polite aria-label="What was said"></ol>
<form id=say autocomplete=off>
  <input id=name aria-label="Your name" maxlength=24 required>
  <input id=text aria-label="Your line" maxlength=2000 placeholder="Say something" enterkeyhint=send autofocus>
  <button>Send</button>
</form>
<script>
window.WS_URL = ${JSON.stringify(getURL())}
</script>
<script type=module src="/_static/chat.mjs"></script>
</body>
</html>`
  }
}
