let arc = require('@architect/functions')

exports.handler = async function note(event) {
  let { connectionId } = event.requestContext
  let { text } = JSON.parse(event.body)
  let { people, notes } = await arc.tables()
  let { account } = await people.get({ connectionId })
  await notes.put({ account, at: Date.now(), text })

  // every tab of the same person
  let { Items } = await people.scan({
    FilterExpression: 'account = :account',
    ExpressionAttributeValues: { ':account': account },
  })
  await Promise.all(Items.map((item) => arc.ws.send({ id: item.connectionId, payload: { text } })
    .catch(async (error) => {
      if (error.code !== 'GoneException') throw error
      await people.delete({ connectionId: item.connectionId })
    })))
  return { statusCode: 200 }
}
