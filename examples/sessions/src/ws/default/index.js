let arc = require('@architect/functions')

// Any message is answered with who sent it.
exports.handler = async function message(event) {
  let { connectionId: id } = event.requestContext
  let { connections } = await arc.tables()
  let { name } = await connections.get({ id })
  await arc.ws.send({ id, payload: { text: `You are ${name}` } })
  return { statusCode: 200 }
}
