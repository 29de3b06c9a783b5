const arc = require('@architect/functions')

module.exports = async function broadcast(room, payload) {
  const data = await arc.tables()
  const { Items } = await data.connections.query({
    IndexName: 'byRoom',
    KeyConditionExpression: 'room = :room',
    ExpressionAttributeValues: { ':room': room },
  })
  await Promise.all(Items.map(async ({ id }) => {
    try {
      await arc.ws.send({ id, payload })
    }
    catch (e) {
      // clean up bad connections
      if (e.code === 'GoneException' || e.name === 'GoneException') await data.connections.delete({ id })
      else throw e
    }
  }))
}
