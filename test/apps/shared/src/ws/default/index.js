let arc = require('@architect/functions')
let { add, rooms } = require('@architect/shared')

exports.handler = async function message(event) {
  let id = event.requestContext.connectionId
  let { name, text } = JSON.parse(event.body)
  let payload = { greeting: rooms.greet(name), reply: await add(id, text) }
  await arc.ws.send({ id, payload })
  return { statusCode: 200 }
}
