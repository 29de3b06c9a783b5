const echo = `const arc = require('@architect/functions')
exports.handler = async ({ requestContext, body }) => {
  await arc.ws.send({ id: requestContext.connectionId, payload: body }).catch(gone)
  return { statusCode: 200 }
}
function gone(error) {
  if (!['GoneException', 'LimitExceededException', 'PayloadTooLargeException'].includes(error.name)) throw error
}
`;

/** Says of every handler that fails on purpose so. */
export const ownMessage = 'thrown on purpose';

const connect = `exports.handler = async ({ queryStringParameters: { do: what, protocol } = {} }) => {
  if (what === 'throw') throw new Error('${ownMessage}')
  if (what === 'slow') await new Promise((resolve) => setTimeout(resolve, 300))
  if (what === 'hang') await new Promise(() => setInterval(() => {}, 1000))
  if (what === 'malformed') return { statusCode: 200, surprise: true }
  if (what === 'refuse') return { statusCode: 403 }
  return { statusCode: 200, headers: protocol === undefined ? {} : { 'Sec-WebSocket-Protocol': protocol } }
}
`;

const authorizer = `exports.handler = async ({ methodArn, headers, queryStringParameters: { auth } = {} }) => {
  if (auth === 'throw') throw new Error('${ownMessage}')
  if (auth === 'malformed') return { principalId: [] }
  const Effect = auth === 'deny' ? 'Deny' : 'Allow'
  return {
    principalId: 'somebody',
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: methodArn }] },
    context: { count: Object.keys(headers).length, agent: headers['User-Agent'] || '' },
  }
}
`;

/** An app with a handler for each way of going wrong. */
export const hostileApp: Readonly<Record<string, string>> = {
  'app.arc': `@app
hostile
@ws
connect
  authorizer
echo
answer
witness
throw
hang
slow
big
1
@http
get /
any /echo
post /body/*
get /rooms/:id
get /throw
get /hang
`,
  'src/ws/connect/index.js': connect,
  'src/ws/authorizer/index.js': authorizer,
  'src/ws/answer/index.js': `exports.handler = async ({ body }) => ({ statusCode: 200, body })`,
  'src/ws/answer/config.arc': '@aws\nrouteResponse true\n',
  'src/ws/connect/config.arc': '@aws\ntimeout 2\n',
  'src/ws/disconnect/index.js': `exports.handler = async () => ({ statusCode: 200 })`,
  'src/ws/default/index.js': echo,
  'src/ws/echo/index.js': echo,
  'src/ws/1/index.js': echo,
  'src/ws/witness/index.js': echo,
  'src/ws/throw/index.js': `exports.handler = async () => { throw new Error('${ownMessage}') }`,
  'src/ws/hang/index.js': `exports.handler = () => new Promise(() => setInterval(() => {}, 1000))`,
  'src/ws/hang/config.arc': '@aws\ntimeout 1\n',
  'src/ws/slow/index.js': `exports.handler = async () => {
  await new Promise((resolve) => setTimeout(resolve, 50))
  return { statusCode: 200 }
}
`,
  'src/ws/big/index.js': echo.replace('payload: body', "payload: 'x'.repeat(120_000)"),
  'src/http/get-index/index.js': `exports.handler = async () => ({ statusCode: 200, body: 'hello' })`,
  'src/http/any-echo/index.js': `exports.handler = async (event) => event`,
  'src/http/post-body-catchall/index.js': `exports.handler = async ({ body }) => ({ statusCode: 200, body })`,
  'src/http/get-rooms-000id/index.js': `exports.handler = async ({ pathParameters }) => pathParameters`,
  'src/http/get-throw/index.js': `exports.handler = async () => { throw new Error('${ownMessage}') }`,
  'src/http/get-hang/index.js': `exports.handler = () => new Promise(() => setInterval(() => {}, 1000))`,
  'src/http/get-hang/config.arc': '@aws\ntimeout 1\n',
  'public/index.html': '<h1>hello</h1>',
  'public/app.js': 'x'.repeat(300_000),
  'public/sub/index.html': '<h1>sub</h1>',
  'public/.env': 'SECRET=1',
  '.env': 'SECRET=keep-out-of-static',
};
