/** In which language handlers are written. */
export type Flavour = 'commonjs' | 'esm' | 'typescript';

export const manifestTemplate = `@app
testapp

@ws
# no further config required

@http
get /
`;

export const gitignoreTemplate = `node_modules/
.furrow/
.env
`;

export const endings: Readonly<Record<Flavour, string>> = { commonjs: '.js', esm: '.mjs', typescript: '.ts' };

/** @param version of the command that writes it; `undefined` when it runs from a checkout, which no registry knows. */
export function packageTemplate(name: string, version: string | undefined): string {
  const manifest = {
    name,
    private: true,
    ...(version !== undefined && {
      scripts: { start: 'arc sandbox' },
      devDependencies: { '@furrow/cli': `^${version}` },
    }),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * Editors find the types of `@architect/functions` by it; the build needs no such file.
 *
 * Handlers are bundled, so they are resolved as bundlers do. A path does not see a package's `exports`, so it names a file.
 */
export const tsconfigTemplate = `{
  "compilerOptions": {
    "target": "es2022",
    "module": "preserve",
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true,
    "allowImportingTsExtensions": true,
    "types": ["node"],
    "paths": { "@architect/functions": ["./node_modules/@furrow/functions/dist/esm/index.d.ts"] }
  },
  "include": ["src"]
}
`;

/** The words in which the three flavours differ. */
export function wording(flavour: Flavour) {
  const isModule = flavour !== 'commonjs';
  const type = (name: string) => (flavour === 'typescript' ? `: ${name}` : '');
  return {
    handler: (name: string, parameter: string) =>
      isModule
        ? `export async function handler(${parameter}) {`
        : `exports.handler = async function ${name}(${parameter}) {`,
    useFunctions: isModule ? `import arc from '@architect/functions'` : `let arc = require('@architect/functions')`,
    types: (...names: string[]) =>
      flavour === 'typescript' ? `import type { ${names.join(', ')} } from '@architect/functions'\n` : '',
    type,
  };
}

export function connectTemplate(flavour: Flavour): string {
  const { handler, types, type } = wording(flavour);
  return `${types('WsConnectEvent')}// src/ws/connect: may this client in? 200 opens its web socket, 403 refuses it.
${handler('connect', `event${type('WsConnectEvent')}`)}
  return { statusCode: isWelcome(event.headers) ? 200 : 403 }
}

// A browser says in Origin which site the page is from, and no page can change that. Other programs send none.
function isWelcome(headers${type('WsConnectEvent["headers"]')}) {
  let origin = headers.Origin
  if (!origin || origin === process.env.ARC_HTTP_URL) return true
  if (process.env.ARC_ENV !== 'testing') return false
  // In the sandbox the page has the same host as the socket, by whatever name or proxy it was opened.
  let hosts = [headers.Host, headers['X-Forwarded-Host']]
  return hosts.some(host => origin === 'http://' + host || origin === 'https://' + host)
}
`;
}

export function authorizerTemplate(flavour: Flavour): string {
  const { handler, types, type } = wording(flavour);
  return `${types('WsAuthorizerEvent')}// src/ws/authorizer: who is this? It is asked at every handshake, before connect.
${handler('authorizer', `event${type('WsAuthorizerEvent')}`)}
  let user = await findUser(event)
  // These very words give the client 401.
  if (!user) throw new Error('Unauthorized')
  return {
    principalId: user.id,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }],
    },
    // Every event of this connection has it in requestContext.authorizer, as texts.
    context: { name: user.name },
  }
}

// Verify here what the client brought, such as event.queryStringParameters.token. Until you do, nobody comes in.
async function findUser(event${type('WsAuthorizerEvent')})${type('Promise<{ id: string, name: string } | undefined>')} {
  return undefined
}
`;
}

export function defaultTemplate(flavour: Flavour): string {
  const { handler, useFunctions, types, type } = wording(flavour);
  return `${useFunctions}
${types('WsMessageEvent')}
// src/ws/default: a message. This one sends its text back to whoever sent it.
${handler('ws', `event${type('WsMessageEvent')}`)}
  let id = event.requestContext.connectionId
  let payload = { text: readText(event.body) }
  await arc.ws.send({ id, payload })
  return { statusCode: 200 }
}

// The page sends {"text": "..."}; other clients may send anything.
function readText(body${type('string')}) {
  try {
    let { text } = JSON.parse(body)
    return typeof text === 'string' ? text : body
  } catch {
    return body
  }
}
`;
}

export function disconnectTemplate(flavour: Flavour): string {
  const { handler, types, type } = wording(flavour);
  return `${types('WsDisconnectEvent')}// src/ws/disconnect: the client has gone, and nothing can be sent to it any more.
${handler('disconnect', `event${type('WsDisconnectEvent')}`)}
  let id = event.requestContext.connectionId
  // Clean up here: delete what your app has kept under this connection.
  console.log('cleaned up after', id)
  return { statusCode: 200 }
}
`;
}

/** A custom route: a message whose \`action\` is the route's name. */
export function customRouteTemplate(routeKey: string, flavour: Flavour): string {
  const { handler, useFunctions, types, type } = wording(flavour);
  return `${useFunctions}
${types('WsMessageEvent')}
// A message with {"action": ${JSON.stringify(routeKey)}}.
${handler('ws', `event${type('WsMessageEvent')}`)}
  let id = event.requestContext.connectionId
  await arc.ws.send({ id, payload: { text: ${JSON.stringify(`${routeKey} was called`)} } })
  return { statusCode: 200 }
}
`;
}

/** The document's page. */
export function pageTemplate(flavour: Flavour): string {
  const { handler } = wording(flavour);
  const importUrl =
    flavour === 'commonjs'
      ? `let getURL = require('./get-web-socket-url')`
      : `import getURL from './get-web-socket-url${endings[flavour]}'`;
  return `// src/http/get-index/index${endings[flavour]}
${importUrl}

/**
 * renders the html app chrome
 */
${handler('http', flavour === 'typescript' ? '' : 'req')}
  return {
    type: 'text/html; charset=utf8',
    body: \`<!doctype html>
<html>
<body>
<h1>Web sockets</h1>
<main>Loading...</main>
<input id=message type=text placeholder="Enter message" autofocus>
<script>
window.WS_URL = '\${getURL()}'
</script>
<script type=module src=/_static/index.mjs></script>
</body>
</html>\`
  }
}
`;
}

export function webSocketUrlTemplate(flavour: Flavour): string {
  const { type } = wording(flavour);
  const head =
    flavour === 'commonjs'
      ? 'module.exports = function getWebSocketURL() {'
      : `export default function getWebSocketURL()${type('string')} {`;
  return `// The address of the web socket, for the page.
// On AWS page and socket have different hosts, and ARC_WSS_URL is the socket's. In the sandbox they share one, so the
// path alone is right by whatever name, port or proxy the page was opened.
${head}
  let url = process.env.ARC_WSS_URL${flavour === 'typescript' ? " ?? ''" : ''}
  return process.env.ARC_SANDBOX ? new URL(url).pathname : url
}
`;
}

/** The document's browser module. */
export const browserModuleTemplate = `// public/index.mjs

// get the web socket url from the backend
let url = window.WS_URL

// all the DOM nodes this script will mutate
let main = document.getElementsByTagName('main')[0]
let msg = document.getElementById('message')

// setup the web socket
let ws = new WebSocket(url)
ws.onopen = open
ws.onclose = close
ws.onmessage = message
ws.onerror = console.log

// connect to the web socket
function open() {
  let ts = new Date(Date.now()).toISOString()
  main.innerHTML = \`<p><b><code>\${ts} - opened</code></b></p>\`
}

// report a closed web socket connection
function close() {
  main.innerHTML = 'Closed <a href=/>reload</a>'
}

// write a message into main
function message(e) {
  let msg = JSON.parse(e.data)
  main.innerHTML += \`<p><code>\${msg.text}</code></p>\`
}

// sends messages to the lambda
msg.addEventListener('keyup', function(e) {
  if (e.key == 'Enter') {
    let text = e.target.value // get the text
    e.target.value = ''       // clear the text
    ws.send(JSON.stringify({text}))
  }
})
`;

export function httpTemplate(label: string, flavour: Flavour): string {
  const { handler, types, type } = wording(flavour);
  return `${types('HttpEvent')}// ${label}
${handler('http', `req${type('HttpEvent')}`)}
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ hello: req.rawPath })
  }
}
`;
}
