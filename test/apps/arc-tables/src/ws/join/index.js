let arc = require('@architect/functions')
let broadcast = require('@architect/shared/broadcast')

exports.handler = async function join(event) {
  let id = event.requestContext.connectionId
  let { room, name } = JSON.parse(event.body)
  let data = await arc.tables()
  await data.connections.update({
    Key: { id },
    UpdateExpression: 'SET #room = :room, #name = :name',
    ExpressionAttributeNames: { '#room': 'room', '#name': 'name' },
    ExpressionAttributeValues: { ':room': room, ':name': name },
  })
  await broadcast(room, { type: 'joined', name })
  return { statusCode: 200 }
}
