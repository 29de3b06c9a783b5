// The page of a room: / is the lobby, /?room=garden the garden. Its looks and its script are files in public/.
exports.handler = async function http() {
  return {
    type: 'text/html; charset=utf8',
    body: `<!doctype html>
<html lang=en>
<head>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<title>Rooms</title>
<link rel=icon href="/_static/icon.svg">
<link rel=stylesheet href="/_static/rooms.css">
</head>
<body>
<header>
  <h1 id=room></h1>
  <p id=status role=status data-state=connecting>Connecting</p>
  <form id=go><input name=room aria-label="Another room" placeholder="Another room" maxlength=40 required><button>Go</button></form>
  <ul id=people aria-label="Who is here"></ul>
</header>
<ol id=lines aria-live=polite aria-label="What was said"></ol>
<form id=say autocomplete=off>
  <input id=name aria-label="Your name" maxlength=24 required>
  <input id=text aria-label="Your line" maxlength=2000 placeholder="Say something" enterkeyhint=send autofocus>
  <button>Send</button>
</form>
<script>
window.WS_URL = ${JSON.stringify(getWebSocketURL())}
</script>
<script type=module src="/_static/rooms.mjs"></script>
</body>
</html>`
  }
}

// On AWS page and socket have different hosts, and ARC_WSS_URL is the socket's. In the sandbox they share one, so the
// path alone is right by whatever name, port or proxy the page was opened.
function getWebSocketURL() {
  let url = process.env.ARC_WSS_URL
  return process.env.ARC_SANDBOX ? new URL(url).pathname : url
}
