var connections = require('@architect/shared/connections')

exports.handler = function (request, context, callback) {
  connections.all(function (err, items) {
    if (err) return callback(err)
    callback(null, {
      statusCode: 200,
      headers: { 'content-type': 'text/html; charset=utf8' },
      body: '<h1>' + items.length + ' here</h1><script>window.WS_URL = "' + process.env.ARC_WSS_URL + '"</script>',
    })
  })
}
