let arc = require('@architect/functions')

// Who is in which room: one item for each connection in the table "connections". Every write can be done twice.

// This connection is in this room. Again: its name may have changed, and nothing else has.
exports.keep = async function keep({ room, id, name, joinedAt }) {
  let { connections } = await arc.tables()
  await connections.put({ room, id, name, joinedAt, expires: expiryOf(joinedAt) })
}

// Everyone in a room, the longest first. The room is the key of the table, and not of an index, because only a table can
// be read consistently: who has just joined is on the list.
exports.list = async function list(room) {
  let { connections } = await arc.tables()
  let { Items } = await connections.query({
    KeyConditionExpression: 'room = :room',
    ExpressionAttributeValues: { ':room': room },
    ConsistentRead: true,
    paginate: true
  })
  // DynamoDB may take days to remove what has expired.
  return Items.filter(({ expires }) => expires > Date.now() / 1000).sort((one, other) => one.joinedAt - other.joinedAt)
}

// The rooms that a connection is in. An index follows its table a moment later; what it misses is found by the next send.
exports.roomsOf = async function roomsOf(id) {
  let { connections } = await arc.tables()
  let { Items } = await connections.query({
    IndexName: 'by-connection',
    KeyConditionExpression: 'id = :id',
    ExpressionAttributeValues: { ':id': id }
  })
  return Items.map(({ room }) => room)
}

// It is not there any more.
exports.remove = async function remove({ room, id }) {
  let { connections } = await arc.tables()
  await connections.delete({ room, id })
}

// API Gateway ends every connection after two hours, so an item that is older is of nobody. DynamoDB counts seconds.
function expiryOf(joinedAt) {
  return Math.ceil(joinedAt / 1000) + (2 * 60 + 10) * 60
}
