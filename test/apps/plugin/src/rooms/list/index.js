let arc = require('@architect/functions')

exports.handler = arc.http.async(async function list (req) {
  let room = req.path.split('/').pop()
  let { guests } = await arc.tables()
  let { Count } = await guests.scan({ FilterExpression: 'room = :room', ExpressionAttributeValues: { ':room': room } })
  return { json: { room, guests: Count } }
})
