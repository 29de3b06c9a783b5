let arc = require('@architect/functions');

exports.handler = async function echo(event) {
  let id = event.requestContext.connectionId;
  await arc.ws.send({ id, payload: event.body });
  return { statusCode: 200 };
};
