var AWS = require('aws-sdk')
var connections = require('@architect/shared/connections')

exports.handler = function (event, context, callback) {
  context.callbackWaitsForEmptyEventLoop = false
  var api = new AWS.ApiGatewayManagementApi({
    apiVersion: '2018-11-29',
    endpoint: event.requestContext.domainName + '/' + event.requestContext.stage,
  })
  var from = event.requestContext.connectionId

  connections.all(function (err, items) {
    if (err) return callback(err)
    var waiting = items.length
    if (waiting === 0) return done()

    function done(err) {
      if (err) {
        console.error(err)
      }
      waiting -= 1
      if (waiting <= 0) callback(null, { statusCode: 200, body: 'Data sent.' })
    }

    items.forEach(function (item) {
      var message = { from: from, text: event.body }
      var params = { ConnectionId: item.connectionId, Data: JSON.stringify(message) }
      api.postToConnection(params, function (err) {
        if (err && err.statusCode === 410) {
          console.log('Found stale connection, deleting ' + item.connectionId)
          return connections.remove(item.connectionId, done)
        }
        done(err)
      })
    })
  })
}
