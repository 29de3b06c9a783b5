// A page around its content. What people write goes through escape().
exports.layout = function layout(title, content) {
  return `<!doctype html>
<html lang=en>
<head>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel=icon href="/_static/icon.svg">
<link rel=stylesheet href="/_static/sessions.css">
</head>
<body>
<h1>${escape(title)}</h1>
${content}
</body>
</html>`
}

exports.escape = escape
function escape(text) {
  let escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return String(text).replace(/[&<>"']/g, (character) => escapes[character])
}
