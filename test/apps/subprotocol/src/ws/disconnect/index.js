exports.handler = async function disconnect(event) {
  console.log('gone', event.requestContext.connectionId)
  return { statusCode: 200 }
}
