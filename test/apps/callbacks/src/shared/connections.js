var AWS = require('aws-sdk')

var dynamo = new AWS.DynamoDB.DocumentClient()
var ssm = new AWS.SSM()
var cached

function tableName(callback) {
  if (cached) return callback(null, cached)
  ssm.getParameter({ Name: '/' + process.env.ARC_STACK_NAME + '/tables/connections' }, function (err, data) {
    if (err) return callback(err)
    cached = data.Parameter.Value
    callback(null, cached)
  })
}

exports.add = function (connectionId, callback) {
  tableName(function (err, TableName) {
    if (err) return callback(err)
    dynamo.put({ TableName: TableName, Item: { connectionId: connectionId, since: Date.now() } }, callback)
  })
}

exports.remove = function (connectionId, callback) {
  tableName(function (err, TableName) {
    if (err) return callback(err)
    dynamo.delete({ TableName: TableName, Key: { connectionId: connectionId } }, callback)
  })
}

exports.all = function (callback) {
  tableName(function (err, TableName) {
    if (err) return callback(err)
    dynamo.scan({ TableName: TableName, ConsistentRead: true }, function (err, data) {
      callback(err, data && data.Items)
    })
  })
}
