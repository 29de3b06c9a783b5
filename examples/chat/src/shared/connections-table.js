// On AWS: one item for each connection, in the table "connections" of app.arc.
let arc = require('@architect/functions')
// Lambda has the AWS SDK already, so it is not installed here and not in the zip.
let { DynamoDBClient } = require('@aws-sdk/client-dynamodb')
let { DynamoDBDocument, paginateScan } = require('@aws-sdk/lib-dynamodb')

let client = DynamoDBDocument.from(new DynamoDBClient())

// What was written a moment ago has to be seen, by whichever function reads next.
let ConsistentRead = true

exports.keep = async function keep({ id, name, joinedAt }) {
  await client.put({ TableName: await tableName(), Item: { id, name, joinedAt, expires: expiryOf(joinedAt) } })
}

// One answer holds a megabyte of items at most, so there may be several.
exports.list = async function list() {
  let found = []
  let pages = paginateScan({ client }, { TableName: await tableName(), ConsistentRead })
  for await (let { Items } of pages) found.push(...Items)
  return found.sort((one, other) => one.joinedAt - other.joinedAt)
}

exports.find = async function find(id) {
  let { Item } = await client.get({ TableName: await tableName(), Key: { id }, ConsistentRead })
  return Item
}

exports.remove = async function remove(id) {
  await client.delete({ TableName: await tableName(), Key: { id } })
}

// AWS gives the table a name of its own, and a parameter says which.
async function tableName() {
  let { tables } = await arc.services()
  return tables.connections
}

// API Gateway ends every connection after two hours. Should nobody notice that one has gone, its item goes by itself some
// time after that. DynamoDB counts seconds.
function expiryOf(joinedAt) {
  return Math.ceil(joinedAt / 1000) + (2 * 60 + 10) * 60
}
