const arc = require('@architect/functions')

exports.handler = async function complete({ requestContext }) {
  await arc.ws.close({ id: requestContext.connectionId })
  return { statusCode: 200 }
}
