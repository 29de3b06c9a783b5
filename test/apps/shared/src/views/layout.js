let escape = require('./escape')
let { limits } = require('@architect/shared')

module.exports = ({ title, list }) => `<!doctype html>
<title>${escape(title)}</title>
<p>At most ${limits.longest} letters</p>
<ul>${list.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`
