var connections = require('@architect/shared/connections')

exports.handler = function (event, context, callback) {
  connections.remove(event.requestContext.connectionId, function (err) {
    callback(err, { statusCode: 200 })
  })
}
