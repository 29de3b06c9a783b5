exports.handler = async function echo(event) {
  let { connectionId, eventType } = event.requestContext;
  if (eventType === 'MESSAGE') {
    let url = `http://127.0.0.1:${process.env.PORT}/@connections/${connectionId}`;
    await fetch(url, { method: 'POST', body: event.body });
  }
  return { statusCode: 200 };
};
