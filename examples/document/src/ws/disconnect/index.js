// src/ws/disconnect: the client has gone, and nothing can be sent to it any more.
exports.handler = async function disconnect(event) {
  let id = event.requestContext.connectionId
  // Clean up here: delete what your app has kept under this connection.
  console.log('cleaned up after', id)
  return { statusCode: 200 }
}
