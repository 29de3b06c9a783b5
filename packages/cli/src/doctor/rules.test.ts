import { expect, test } from 'vitest';
import { interpretManifest, type App } from '@furrow/manifest';
import { parseSource } from './parse-source.ts';
import { rules } from './rules/all.ts';

interface Row {
  readonly why: string;
  /** @default src/ws/default/index.js */
  readonly file?: string;
  readonly code: string;
  readonly installed?: readonly string[];
  /** @default the app of this file */
  readonly runtime?: string;
  /** `CODE line:column`; empty: nothing is said. */
  readonly finds?: readonly string[];
}

const app = await appOf('@app\ntestapp\n\n@ws\njoin\n\n@http\nget /\n');

async function appOf(text: string): Promise<App> {
  const read = await interpretManifest({ file: 'app.arc', text, ignored: [] });
  if (!read.ok) throw new Error('The manifest of the test is wrong.');
  return read.app;
}

const inHandler = (lines: string) => `exports.handler = async function(event) {\n${lines}\n}`;

const awaiting: readonly Row[] = [
  { why: 'a send that stands alone', code: inHandler('arc.ws.send({ id, payload })'), finds: ['SEND_UNAWAITED 2:1'] },
  { why: 'one that is awaited', code: inHandler('await arc.ws.send({ id, payload })') },
  { why: 'one that is returned', code: inHandler('return arc.ws.send({ id, payload })') },
  { why: 'one whose error is caught', code: inHandler('arc.ws.send({ id, payload }).catch(forget)') },
  { why: 'one with then', code: inHandler('arc.ws.send({ id, payload }).then(done)') },
  { why: 'one that is kept', code: inHandler('let sent = arc.ws.send({ id, payload })\nawait sent') },
  { why: 'one that is thrown away on purpose', code: inHandler('void arc.ws.send({ id, payload })') },
  { why: 'one with a callback', code: inHandler('arc.ws.send({ id, payload }, done)') },
  { why: 'in a list', code: inHandler('await Promise.all([arc.ws.send({ id, payload })])') },
  { why: 'in an awaited map', code: inHandler('await Promise.all(ids.map((id) => arc.ws.send({ id, payload })))') },
  { why: 'awaited in a loop', code: inHandler('for (let id of ids) await arc.ws.send({ id, payload })') },
  {
    why: 'not awaited in a loop',
    code: inHandler('for (let id of ids)\n  arc.ws.send({ id, payload })'),
    finds: ['SEND_UNAWAITED 3:3'],
  },
  {
    why: 'forEach',
    code: inHandler('ids.forEach((id) => arc.ws.send({ id, payload }))'),
    finds: ['SEND_UNAWAITED 2:21'],
  },
  {
    why: 'forEach with await inside',
    code: inHandler('ids.forEach(async (id) => {\n  await arc.ws.send({ id, payload })\n})'),
    finds: ['SEND_UNAWAITED 3:9'],
  },
  {
    why: 'a map that nobody takes',
    code: inHandler('ids.map((id) => arc.ws.send({ id, payload }))'),
    finds: ['SEND_UNAWAITED 2:17'],
  },
  {
    why: 'an awaited map whose function returns nothing',
    code: inHandler('await Promise.all(ids.map((id) => {\n  arc.ws.send({ id, payload })\n}))'),
    finds: ['SEND_UNAWAITED 3:3'],
  },
  { why: 'close', code: inHandler('arc.ws.close({ id })'), finds: ['SEND_UNAWAITED 2:1'] },
  {
    why: 'under a condition',
    code: inHandler('isNew && arc.ws.send({ id, payload })\nisNew ? arc.ws.send({ id, payload }) : undefined'),
    finds: ['SEND_UNAWAITED 2:10', 'SEND_UNAWAITED 3:9'],
  },
  { why: 'awaited under a condition', code: inHandler('await (isNew && arc.ws.send({ id, payload }))') },
  { why: 'collected', code: inHandler('ids.forEach((id) => sent.push(arc.ws.send({ id, payload })))') },
  {
    why: 'a function of its own',
    code: `const send = (id) => arc.ws.send({ id, payload })\n${inHandler('await send(id)')}`,
  },
  {
    why: 'a handler with a callback, which the build turns into a promise',
    code: 'exports.handler = function(event, context, callback) {\n  callback(null, { statusCode: 200 })\n}',
  },
  { why: 'in a comment', code: inHandler('// arc.ws.send({ id, payload })') },
  { why: 'in a text', code: inHandler('log("arc.ws.send({ id, payload })")') },
  { why: 'something else that sends', code: inHandler('mail.send({ id })') },
  { why: 'a socket of its own', code: inHandler('ws.send({ id })') },
  {
    why: 'ws of the library',
    code: `const { ws } = require('@architect/functions')\n${inHandler('ws.send({ id, payload })')}`,
    finds: ['SEND_UNAWAITED 3:1'],
  },
  {
    why: 'ws of the library, imported',
    file: 'src/ws/default/index.mjs',
    code: `import { ws } from '@architect/functions'\nexport async function handler() {\n  ws.send({ id, payload })\n}`,
    finds: ['SEND_UNAWAITED 3:3'],
  },
  {
    why: 'in TypeScript',
    file: 'src/ws/default/index.ts',
    code: 'export async function handler(event: Event): Promise<void> {\n  arc.ws.send({ id: event!.id as string, payload })\n}',
    finds: ['SEND_UNAWAITED 2:3'],
  },
  {
    why: 'the SDK, version 2',
    code: inHandler('api.postToConnection({ ConnectionId, Data }).promise()'),
    finds: ['SEND_UNAWAITED 2:1'],
  },
  {
    why: 'the SDK, version 2, awaited',
    code: inHandler('await api.postToConnection({ ConnectionId, Data }).promise()'),
  },
  {
    why: 'the SDK, version 3',
    code: inHandler('client.send(new PostToConnectionCommand({ ConnectionId }))'),
    finds: ['SEND_UNAWAITED 2:1'],
  },
  { why: 'another command of the SDK', code: inHandler('client.send(new PutCommand({ ConnectionId }))') },
  { why: 'browsers have no arc', file: 'public/app.js', code: 'arc.ws.send({ id })' },
];

const connect = 'src/ws/connect/index.js';
const opening: readonly Row[] = [
  {
    why: 'connect sends to itself',
    file: connect,
    code: inHandler('await arc.ws.send({ id: event.requestContext.connectionId, payload })'),
    finds: ['SEND_BEFORE_OPEN 2:7'],
  },
  {
    why: 'by a variable',
    file: connect,
    code: inHandler('let id = event.requestContext.connectionId\nawait arc.ws.send({ id, payload })'),
    finds: ['SEND_BEFORE_OPEN 3:7'],
  },
  {
    why: 'by a name from the context',
    file: connect,
    code: inHandler('const { connectionId } = event.requestContext\nawait arc.ws.send({ id: connectionId, payload })'),
    finds: ['SEND_BEFORE_OPEN 3:7'],
  },
  {
    why: 'by a name of a parameter',
    file: connect,
    code: 'exports.handler = async ({ requestContext: { connectionId: me } }) => {\n  await arc.ws.send({ id: me, payload })\n}',
    finds: ['SEND_BEFORE_OPEN 2:9'],
  },
  {
    why: 'by the context',
    file: connect,
    code: inHandler('let context = event.requestContext\nawait arc.ws.send({ id: context.connectionId, payload })'),
    finds: ['SEND_BEFORE_OPEN 3:7'],
  },
  {
    why: 'with the SDK',
    file: connect,
    code: inHandler(
      'await client.send(new PostToConnectionCommand({ ConnectionId: event.requestContext.connectionId, Data }))',
    ),
    finds: ['SEND_BEFORE_OPEN 2:7'],
  },
  {
    why: 'connect sends to another',
    file: connect,
    code: inHandler('await arc.ws.send({ id: admin.connectionId, payload })'),
  },
  { why: 'to the others', file: connect, code: inHandler('for (let id of ids) await arc.ws.send({ id, payload })') },
  {
    why: 'each of a list has the same name',
    file: connect,
    code: inHandler(
      'let id = event.requestContext.connectionId\nawait Promise.all(ids.map((id) => arc.ws.send({ id, payload })))\nfor (let id of ids) await arc.ws.send({ id, payload })',
    ),
  },
  {
    why: 'default sends to itself',
    code: inHandler('await arc.ws.send({ id: event.requestContext.connectionId, payload })'),
  },
];

const sdk: readonly Row[] = [
  { why: 'version 2 that nobody brings', code: "let aws = require('aws-sdk')", finds: ['SDK_MISSING 1:11'] },
  {
    why: 'a client of it',
    code: "let Api = require('aws-sdk/clients/apigatewaymanagementapi')",
    finds: ['SDK_MISSING 1:11'],
  },
  { why: 'imported', file: 'src/ws/default/index.mjs', code: "import aws from 'aws-sdk'", finds: ['SDK_MISSING 1:1'] },
  { why: 'installed', code: "let aws = require('aws-sdk')", installed: ['aws-sdk'] },
  { why: 'a runtime that has it', code: "let aws = require('aws-sdk')", runtime: 'nodejs16.x' },
  {
    why: 'the first that has it not',
    code: "let aws = require('aws-sdk')",
    runtime: 'nodejs18.x',
    finds: ['SDK_MISSING 1:11'],
  },
  { why: 'version 3', code: "let { S3 } = require('@aws-sdk/client-s3')" },
  { why: 'another package', code: "let mock = require('aws-sdk-mock')" },
  { why: 'types only', file: 'src/ws/default/index.ts', code: "import type { S3 } from 'aws-sdk'" },
  { why: 'in a comment', code: "// require('aws-sdk')" },
];

const library: readonly Row[] = [
  {
    why: 'what is gone',
    code: `let arc = require('@architect/functions')\narc.html.get(handle)`,
    finds: ['LIBRARY_MEMBER 2:1'],
  },
  {
    why: 'below http',
    code: `let arc = require('@architect/functions')\narc.http.helpers.static('/x')`,
    finds: ['LIBRARY_MEMBER 2:1'],
  },
  {
    why: 'imported',
    file: 'src/http/get-index/index.mjs',
    code: `import arc from '@architect/functions'\narc.middleware(a, b)`,
    finds: ['LIBRARY_MEMBER 2:1'],
  },
  {
    why: 'the library of the app has it',
    code: `let arc = require('@architect/functions')\narc.html.get(handle)`,
    installed: ['@architect/functions'],
  },
  {
    why: 'what is there',
    code: `let arc = require('@architect/functions')\narc.http.async(f)\narc.http.session.read(e)\narc.tables().then(f)\narc.http.helpers.url('/')\narc.ws._api()\narc.events.publish(e, f)\narc.http.bind(null)`,
  },
  {
    why: 'ws as it was called once',
    code: `let arc = require('@architect/functions')\narc.ws(event).send(payload, done)`,
    finds: ['LIBRARY_MEMBER 2:1'],
  },
  {
    why: 'all of it imported',
    file: 'src/ws/default/index.ts',
    code: `import * as arc from '@architect/functions'\narc.json.get(f)`,
    finds: ['LIBRARY_MEMBER 2:1'],
  },
  { why: 'something else of that name', code: 'let arc = makeArc()\narc.html.get(handle)' },
  {
    why: 'taken out of it',
    code: `let { ws, proxy, http: web } = require('@architect/functions')`,
    finds: ['LIBRARY_MEMBER 1:11'],
  },
];

const results: readonly Row[] = [
  { why: 'a status', code: inHandler('return { statusCode: 200 }') },
  {
    why: 'all that there is',
    code: inHandler("return { statusCode: 200, headers, multiValueHeaders, 'body': '', isBase64Encoded }"),
  },
  {
    why: 'a key of its own',
    code: inHandler('return { statusCode: 200, connectionId, msg: "hi" }'),
    finds: ['RESULT_MALFORMED 2:27'],
  },
  {
    why: 'no status',
    code: inHandler('if (x) return {}\nreturn { body }'),
    finds: ['RESULT_MALFORMED 3:8', 'RESULT_MALFORMED 2:15'],
  },
  {
    why: 'one of two',
    code: inHandler('return ok ? { statusCode: 200 } : { status: 500 }'),
    finds: ['RESULT_MALFORMED 2:37'],
  },
  { why: 'spread', code: inHandler('return { ...result }\nreturn { [name]: 1 }') },
  {
    why: 'a function inside',
    code: inHandler('let all = ids.map((id) => { return { id } })\nreturn { statusCode: 200 }'),
  },
  { why: 'something made elsewhere', code: inHandler('return result') },
  { why: 'an arrow', code: 'exports.handler = async () => ({ ok: true })', finds: ['RESULT_MALFORMED 1:34'] },
  {
    why: 'module.exports',
    code: 'module.exports.handler = async () => { return { ok: true } }',
    finds: ['RESULT_MALFORMED 1:49'],
  },
  {
    why: 'an ES module',
    file: 'src/ws/default/index.mjs',
    code: 'export async function handler() { return { ok: true } }',
    finds: ['RESULT_MALFORMED 1:44'],
  },
  {
    why: 'a constant',
    file: 'src/ws/default/index.ts',
    code: 'export const handler = async () => ({ ok: true })',
    finds: ['RESULT_MALFORMED 1:39'],
  },
  {
    why: 'by its name',
    code: 'async function ws() { return { ok: true } }\nexports.handler = ws',
    finds: ['RESULT_MALFORMED 1:32'],
  },
  { why: 'wrapped', code: 'exports.handler = arc.http.async(async () => ({ html }))' },
  { why: 'a callback', code: 'exports.handler = function (event, context, callback) { return { ok: true } }' },
  { why: 'another function', code: 'exports.other = async () => ({ ok: true })' },
  { why: 'a file beside it', file: 'src/ws/default/other.js', code: 'exports.handler = async () => ({ ok: true })' },
  { why: 'a page', file: 'src/http/get-index/index.js', code: 'exports.handler = async () => ({ html })' },
  { why: 'shared code', file: 'src/shared/index.js', code: 'exports.handler = async () => ({ ok: true })' },
];

const bound = "let arc = require('@architect/functions')\n";
const withTables = (lines: string) => bound + inHandler(`let data = await arc.tables()\n${lines}`);
const writing: readonly Row[] = [
  { why: 'a write that stands alone', code: withTables('data.people.put(one)'), finds: ['WRITE_UNAWAITED 4:1'] },
  { why: 'one that is awaited', code: withTables('await data.people.put(one)') },
  { why: 'one that is caught', code: withTables('data.people.delete({ id }).catch(forget)') },
  { why: 'one with a callback', code: withTables('data.people.put(one, done)') },
  { why: 'what only reads', code: withTables('data.people.get({ id })') },
  {
    why: 'forEach',
    code: withTables('ids.forEach((id) => data.people.delete({ id }))'),
    finds: ['WRITE_UNAWAITED 4:21'],
  },
  { why: 'in an awaited map', code: withTables('await Promise.all(ids.map((id) => data.people.delete({ id })))') },
  {
    why: 'a table by its name',
    code: bound + inHandler('let { people } = await arc.tables()\npeople.update(change)'),
    finds: ['WRITE_UNAWAITED 4:1'],
  },
  {
    why: 'a table that is taken out',
    code: bound + inHandler('let people = (await arc.tables()).people\npeople.put(one)'),
    finds: ['WRITE_UNAWAITED 4:1'],
  },
  {
    why: 'a table in passing',
    code: bound + inHandler('(await arc.tables()).people.put(one)'),
    finds: ['WRITE_UNAWAITED 3:1'],
  },
  {
    why: 'a client that is kept',
    code: `${bound}let data\n${inHandler('data ??= await arc.tables()\ndata.people.put(one)')}`,
    finds: ['WRITE_UNAWAITED 5:1'],
  },
  { why: 'a name for two things', code: withTables('data.people.delete(one)\n{ let data = new Cache() }') },
  { why: 'another client', code: bound + inHandler('let data = await connect()\ndata.people.put(one)') },
  {
    why: 'messages',
    code: bound + inHandler('arc.events.publish(likes)\narc.queues.publish(orders)'),
    finds: ['WRITE_UNAWAITED 3:1', 'WRITE_UNAWAITED 4:1'],
  },
  { why: 'messages of another library', code: inHandler('bus.events.publish(likes)') },
];

const stages: readonly Row[] = [
  { why: 'the old name', code: "if (process.env.NODE_ENV === 'testing') go()", finds: ['VARIABLE_GONE 1:5'] },
  { why: 'of staging', code: "let live = 'staging' != process.env['NODE_ENV']", finds: ['VARIABLE_GONE 1:12'] },
  {
    why: 'by a name of its own',
    code: "const { NODE_ENV: stage } = process.env\nif (stage !== 'testing') go()",
    finds: ['VARIABLE_GONE 2:5'],
  },
  {
    why: 'kept',
    code: "const stage = process.env.NODE_ENV\nlet url = stage === 'staging' ? a : b",
    finds: ['VARIABLE_GONE 2:11'],
  },
  { why: 'what libraries ask', code: "if (process.env.NODE_ENV !== 'production') check()" },
  { why: 'the name of today', code: "if (process.env.ARC_ENV === 'testing') go()" },
  { why: 'a page', file: 'public/app.js', code: "if (process.env.NODE_ENV === 'testing') go()" },
];

const page = 'public/app.js';
const socket = 'let socket = new WebSocket(url)\n';
const browsing: readonly Row[] = [
  { why: 'text', file: page, code: `${socket}socket.send(JSON.stringify({ text }))` },
  { why: 'bytes', file: page, code: `${socket}socket.send(new Uint8Array(8))`, finds: ['BINARY_MESSAGE 2:1'] },
  {
    why: 'a blob',
    file: page,
    code: `${socket}let blob = new Blob([x])\nsocket.send(blob)`,
    finds: ['BINARY_MESSAGE 3:1'],
  },
  {
    why: 'the bytes of a file',
    file: page,
    code: `${socket}socket.send(await file.arrayBuffer())`,
    finds: ['BINARY_MESSAGE 2:1'],
  },
  {
    why: 'encoded text',
    file: page,
    code: `${socket}socket.send(new TextEncoder().encode(text))`,
    finds: ['BINARY_MESSAGE 2:1'],
  },
  { why: 'what encodes to text', file: page, code: `${socket}socket.send(base64.encode(text))` },
  {
    why: 'a picture',
    file: page,
    code: `${socket}socket.send(JSON.stringify({ image: canvas.toDataURL() }))`,
    finds: ['LARGE_MESSAGE 2:1'],
  },
  {
    why: 'a picture by name',
    file: page,
    code: `${socket}const image = canvas.toDataURL('image/png')\nsocket.send(JSON.stringify({ image }))`,
    finds: ['LARGE_MESSAGE 3:1'],
  },
  {
    why: 'a picture elsewhere',
    file: page,
    code: `${socket}image.src = canvas.toDataURL()\nfetch.send(canvas.toDataURL())`,
  },
  { why: 'large pieces', file: page, code: `${socket}const CHUNK_SIZE = 64 * 1024`, finds: ['LARGE_MESSAGE 2:7'] },
  { why: 'pieces that fit', file: page, code: `${socket}const CHUNK_SIZE = 16 * 1024` },
  { why: 'pieces of something else', file: page, code: 'const CHUNK_SIZE = 64 * 1024' },
  { why: 'a request', file: page, code: `let request = new XMLHttpRequest()\nrequest.send(new Blob([]))` },
  { why: 'a socket of a handler', code: `${socket}socket.send(new Uint8Array(8))` },
];

const own = awaiting[0]?.code ?? '';

test.for([
  { installed: [], says: 'When the client has gone' },
  { installed: ['@architect/functions'], says: 'the message may never leave' },
])('what becomes of it depends on the library: $installed', ({ installed, says }) => {
  const [found] = findingsOf({ why: '', code: own, installed });
  expect(found?.message).toContain(says);
});

test.for([...awaiting, ...opening, ...sdk, ...library, ...results, ...writing, ...stages, ...browsing])(
  '$why: $code',
  (row) => {
    const found = findingsOf(row);
    expect(found.map((each) => `${each.code} ${each.line}:${each.column}`)).toEqual(row.finds ?? []);
  },
);

function findingsOf({ file = 'src/ws/default/index.js', code, installed = [], runtime = 'nodejs24.x' }: Row) {
  const nodes = parseSource(file, code);
  if (nodes === undefined) throw new Error('The source of the test is wrong.');
  const owners = app.functions.filter(({ sourceDir }) => file.startsWith(`${sourceDir}/`));
  const source = {
    file,
    text: code,
    nodes,
    owners: owners.map((each) => ({ ...each, settings: { ...each.settings, runtime } })),
    isBrowser: file.startsWith('public/'),
    installed: new Set(installed),
  };
  return rules.flatMap((rule) => rule(source));
}
