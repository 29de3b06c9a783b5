import type { HttpFunction } from '@architect/functions'
import { drinks } from '@architect/shared/messages'

/** The page. Its script is public/hands.mjs. */
export const handler: HttpFunction = async () => ({
  statusCode: 200,
  headers: { 'content-type': 'text/html; charset=utf8' },
  body: `<!doctype html>
<html lang=en>
<head>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<title>Show of hands</title>
<link rel=icon href="/_static/icon.svg">
<link rel=stylesheet href="/_static/hands.css">
</head>
<body>
<h1>What shall we drink?</h1>
${drinks.map((drink) => `<button value=${drink} disabled>${drink} <output>0</output></button>`).join('\n')}
<p id=status role=status>Connecting</p>
<script>
window.WS_URL = ${JSON.stringify(getWebSocketURL())}
</script>
<script type=module src="/_static/hands.mjs"></script>
</body>
</html>`,
})

/** On AWS page and socket have different hosts. In the sandbox they share one, by whatever name it was opened. */
function getWebSocketURL(): string {
  let url = process.env.ARC_WSS_URL ?? ''
  return process.env.ARC_SANDBOX ? new URL(url).pathname : url
}
