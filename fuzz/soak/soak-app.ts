/** The handlers, each in the version that a save has made. */
export function handlerText(version: number): string {
  return `const arc = require('@architect/functions')
const version = ${version}
exports.handler = async ({ requestContext, body }) => {
  const message = JSON.parse(body)
  if (message.action === 'fail') throw new Error('failed on purpose')
  if (message.action === 'exit') process.exit(1)
  await arc.ws.send({ id: requestContext.connectionId, payload: { ...message, version } })
  return { statusCode: 200 }
}
`;
}

export const handlerFile = 'src/ws/default/index.js';
export const manifestFile = 'app.arc';

/** The manifest, with a route more every other time. */
export function manifestText(version: number): string {
  return `@app\nsoak\n@ws\n${version % 2 === 0 ? '' : 'extra\n'}@http\nget /\n`;
}

const accept = 'exports.handler = async () => ({ statusCode: 200 })\n';

export const soakApp: Readonly<Record<string, string>> = {
  [manifestFile]: manifestText(0),
  [handlerFile]: handlerText(0),
  'src/ws/connect/index.js': accept,
  'src/ws/disconnect/index.js': accept,
  'src/ws/extra/index.js': accept,
  'src/http/get-index/index.js': `exports.handler = async () => ({ statusCode: 200, body: 'hello' })\n`,
  'public/app.js': 'x'.repeat(100_000),
};
