var connections = require('@architect/shared/connections')

exports.handler = function (event, context, callback) {
  connections.add(event.requestContext.connectionId, function (err) {
    callback(null, { statusCode: err ? 500 : 200, body: err ? 'Failed to connect: ' + err.message : 'Connected.' })
  })
}
