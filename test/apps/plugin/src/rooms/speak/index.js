let arc = require('@architect/functions')

exports.handler = async function speak (event) {
  let { connectionId: id, routeKey: room } = event.requestContext
  let { guests } = await arc.tables()
  await guests.put({ id, room })
  let { Items } = await guests.scan({
    FilterExpression: 'room = :room',
    ExpressionAttributeValues: { ':room': room },
  })
  let { text = process.env.GREETING } = JSON.parse(event.body)
  for (let guest of Items) {
    await arc.ws.send({ id: guest.id, payload: { room, text } }).catch(async (error) => {
      if (error.name !== 'GoneException') throw error
      await guests.delete({ id: guest.id })
    })
  }
  return { statusCode: 200 }
}
