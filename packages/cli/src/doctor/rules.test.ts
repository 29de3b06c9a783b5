import { expect, test } from 'vitest';
import { interpretManifest, type App } from '@furrow/manifest';
import type { Project } from './finding.ts';
import { parseSource } from './parse-source.ts';
import { rules } from './rules/all.ts';

interface Row {
  readonly why: string;
  /** @default src/ws/default/index.js */
  readonly file?: string;
  readonly code: string;
  readonly project?: Partial<Project>;
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
  { why: 'close', code: inHandler('arc.ws.close({ id })'), finds: ['SEND_UNAWAITED 2:1'] },
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

test.for([...awaiting, ...opening])(
  '$why: $code',
  ({ file = 'src/ws/default/index.js', code, project, finds = [] }) => {
    const nodes = parseSource(file, code);
    if (nodes === undefined) throw new Error('The source of the test is wrong.');
    const source = {
      file,
      text: code,
      nodes,
      owners: app.functions.filter(({ sourceDir }) => file.startsWith(`${sourceDir}/`)),
      isBrowser: file.startsWith('public/'),
    };
    const found = rules.flatMap((rule) => rule(source, { hasOwnLibrary: false, ...project }));
    expect(found.map((each) => `${each.code} ${each.line}:${each.column}`)).toEqual(finds);
  },
);
