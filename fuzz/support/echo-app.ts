/** An app whose every message comes back. */
export const echoApp: Readonly<Record<string, string>> = {
  'app.arc': '@app\necho\n@ws\nconnect false\ndisconnect false\n',
  'src/ws/default/index.js': `const arc = require('@architect/functions')
exports.handler = async ({ requestContext, body }) => {
  await arc.ws.send({ id: requestContext.connectionId, payload: body })
  return { statusCode: 200 }
}
`,
};
