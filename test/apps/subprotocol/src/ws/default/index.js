const arc = require('@architect/functions')

exports.handler = async function unknown({ body, requestContext }) {
  const { connectionId: id, routeKey } = requestContext
  let type
  try {
    type = JSON.parse(body).action
  }
  catch (error) {
    // whoever sends no JSON speaks another protocol
    await arc.ws.close({ id })
    return { statusCode: 200 }
  }
  await arc.ws.send({ id, payload: { type: 'error', text: `unknown action ${type}`, routeKey } })
  return { statusCode: 200 }
}
