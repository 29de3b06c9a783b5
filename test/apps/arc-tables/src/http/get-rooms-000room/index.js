let arc = require('@architect/functions')

exports.handler = arc.http.async(async function room(req) {
  let data = await arc.tables()
  let { Items, Count } = await data.connections.scan({
    FilterExpression: 'room = :room',
    ExpressionAttributeValues: { ':room': req.params.room },
  })
  return { json: { count: Count, names: Items.map(({ name }) => name).sort() } }
})
