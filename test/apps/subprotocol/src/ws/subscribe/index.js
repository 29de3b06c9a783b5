const arc = require('@architect/functions')

exports.handler = async function subscribe({ body, requestContext }) {
  const { connectionId: id, routeKey } = requestContext
  const { count = 3 } = JSON.parse(body)
  const { ConnectedAt } = await arc.ws.info({ id })
  const connectedAt = new Date(ConnectedAt).getTime()
  await arc.ws.send({ id, payload: { type: 'ack', routeKey, connectedAt } })
  for (let tick = 1; tick <= count; tick++) {
    await arc.ws.send({ id, payload: { type: 'next', tick } })
  }
  return { statusCode: 200 }
}
