let arc = require('@architect/functions')
let broadcast = require('@architect/shared/broadcast')

exports.handler = async function message(event) {
  let id = event.requestContext.connectionId
  let { text } = JSON.parse(event.body)
  let data = await arc.tables()
  let me = await data.connections.get({ id })
  if (!me || !me.room) {
    await arc.ws.send({ id, payload: { type: 'error', text: 'Join a room first' } })
    return { statusCode: 200 }
  }
  await broadcast(me.room, { type: 'line', from: me.name, text })
  return { statusCode: 200 }
}
