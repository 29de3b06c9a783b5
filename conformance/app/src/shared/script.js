// A script for a function stands in the User-Agent of the client, by event, because every event has that; in a query
// for clients without one; and in a message itself.
function scriptOf(event, name) {
  let { userAgent = '' } = event.requestContext.identity;
  let start = userAgent.indexOf('{');
  let scripts = start < 0 ? {} : JSON.parse(userAgent.slice(start));
  return scripts[name] || [];
}

function inQuery(event) {
  let { script } = event.queryStringParameters || {};
  return script === undefined ? undefined : JSON.parse(script);
}

function inBody({ body }) {
  try {
    let { script } = JSON.parse(body);
    return Array.isArray(script) ? script : undefined;
  } catch {
    // Not JSON, or null: the client's own script counts.
    return undefined;
  }
}

module.exports = { inBody, inQuery, scriptOf };
