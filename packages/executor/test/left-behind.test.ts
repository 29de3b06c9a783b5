import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openProject, returned, type Files } from './open-project.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const file = 'src/ws/default/index.js';

/** A handler of which line 2 is `body`. */
const handler = (body: string, before = ''): Files => ({
  [file]: `${before}exports.handler = async (event) => {\n${body}\nreturn 'fine';\n};`,
});

interface Silent extends AsyncDisposable {
  readonly port: number;
}

/** Takes requests and answers none, or all of them. */
async function openServer(answers: boolean): Promise<Silent> {
  const server = createServer((_request, response) => answers && response.end('{}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const url = '`http://127.0.0.1:${event.port}`';

describe('work that a handler leaves running is named with its line', () => {
  test.for([
    { body: `setTimeout(() => {}, 60_000);`, left: 'setTimeout' },
    { body: `setInterval(() => {}, 60_000);`, left: 'setInterval' },
    { body: `require('node:timers').setTimeout(() => {}, 60_000);`, left: 'setTimeout' },
    { body: `require('node:timers/promises').setTimeout(60_000);`, left: 'setTimeout' },
    { body: `require('node:util').promisify(setTimeout)(60_000);`, left: 'setTimeout' },
    { body: `new Promise((resolve) => setTimeout(resolve, 60_000)).then(() => {});`, left: 'setTimeout' },
    { body: `fetch(${url}).catch(() => {});`, left: 'fetch' },
    { body: `require('node:http').get(${url}).on('error', () => {});`, left: 'request' },
    { body: `require('node:https').get({ port: event.port }).on('error', () => {});`, left: 'request' },
    { body: `require('node:net').connect(event.port, '127.0.0.1').on('error', () => {});`, left: 'socket' },
    { body: `require('node:tls').connect(event.port, '127.0.0.1').on('error', () => {});`, left: 'socket' },
  ])('$body', async ({ body, left }) => {
    await using server = await openServer(false);
    await using project = await openProject({ files: handler(body) });
    expect(await project.invoke({ port: server.port })).toEqual(returned('fine'));
    await expect.poll(project.left).toEqual([`ws/default ${left} ${file}:2`]);
    expect(project.events.filter(({ type }) => type === 'leftBehind')).toEqual([
      { type: 'leftBehind', atMs: expect.any(Number), functionName: 'ws/default', work: left, place: `${file}:2` },
    ]);
  });

  test('also a request on a socket that was kept', async () => {
    await using server = await openServer(true);
    await using project = await openProject({
      files: handler(
        `const get = () => new Promise((resolve) => http.get(${url}, { agent }, (response) => response.resume().on('end', resolve)));
        await get();
        await new Promise(setImmediate);
        get();`,
        `const http = require('node:http'); const agent = new http.Agent({ keepAlive: true }); `,
      ),
    });
    await project.invoke({ port: server.port });
    await expect.poll(project.left).toEqual([`ws/default request ${file}:2`]);
  });

  test('in TypeScript and in shared code', async () => {
    await using project = await openProject({
      files: {
        'src/ws/default/index.ts': `import { later } from '../../shared/later';\nexport async function handler() {\n  later();\n}`,
        'src/shared/later.ts': `type Nothing = void;\n\nexport function later(): Nothing {\n  setTimeout(() => {}, 60_000);\n}`,
      },
    });
    await project.invoke();
    await expect.poll(project.left).toEqual(['ws/default setTimeout src/shared/later.ts:4']);
  });

  test('when the handler throws, too', async () => {
    await using project = await openProject({ files: handler(`setTimeout(() => {}, 60_000); throw new Error('x');`) });
    await project.invoke();
    await expect.poll(project.left).toEqual([`ws/default setTimeout ${file}:2`]);
  });

  test('once for each place and each version of the code, however many processes', async () => {
    const body = `setTimeout(() => {}, 60_000);\n  setTimeout(() => {}, 60_000);\n  while (Date.now() < event.untilMs);`;
    await using project = await openProject({ files: handler(body) });
    const untilMs = Date.now() + 300;
    await Promise.all([project.invoke({ untilMs }), project.invoke({ untilMs })]);
    await project.invoke();
    const both = [`ws/default setTimeout ${file}:2`, `ws/default setTimeout ${file}:3`];
    await expect.poll(project.left).toEqual(both);
    await project.save(handler(body, 'exports.isNew = true; '));
    await project.invoke();
    await expect.poll(project.left).toEqual([...both, ...both]);
  });

  test('of a request that a package makes by itself, without a line', async () => {
    await using server = await openServer(false);
    await using project = await openProject({
      files: {
        ...handler(`require('late').get(event.port);`),
        'node_modules/late/index.js': `exports.get = (port) => void Promise.resolve().then(() => fetch('http://127.0.0.1:' + port)).catch(() => {});`,
        'node_modules/late/package.json': '{ "name": "late" }',
      },
    });
    await project.invoke({ port: server.port });
    await expect.poll(project.left).toEqual(['ws/default fetch undefined']);
  });
});

describe('nothing is said of', () => {
  test.for([
    { why: 'timers that were awaited', body: `await new Promise((resolve) => setTimeout(resolve, 5));` },
    { why: 'timers that were cleared', body: `clearTimeout(setTimeout(() => {}, 60_000));` },
    { why: 'timers that hold nothing up', body: `setTimeout(() => {}, 60_000).unref();` },
    {
      why: 'sleeps that hold nothing up',
      body: `require('node:timers/promises').setTimeout(60_000, 0, { ref: false });`,
    },
    { why: 'what runs at the end of the turn', body: `setImmediate(() => {});` },
    { why: 'a fetch that was awaited, its body not', body: `await fetch(${url});` },
    { why: 'what AbortSignal has inside', body: `AbortSignal.timeout(60_000);` },
    {
      why: 'a socket that is open',
      body: `await new Promise((resolve) => require('node:net').connect(event.port, '127.0.0.1', resolve));`,
    },
    { why: 'timers of packages', body: `require('ticking').start();` },
  ])('$why', async ({ body }) => {
    await using server = await openServer(true);
    await using project = await openProject({
      files: {
        ...handler(body, `setInterval(() => {}, 60_000); fetch('http://127.0.0.1:1').catch(() => {}); `),
        'node_modules/ticking/index.js': 'exports.start = () => void setInterval(() => {}, 1000);',
        'node_modules/ticking/package.json': '{ "name": "ticking" }',
      },
    });
    expect(await project.invoke({ port: server.port })).toEqual(returned('fine'));
    // What is said comes behind the result and before the next one.
    await project.invoke({ port: server.port });
    expect(project.left()).toEqual([]);
  });
});

describe.for([
  { why: 'of Lambda', dependencies: {} },
  { why: 'of the app', dependencies: { '@aws-sdk/client-ssm': '3' } },
])('a client of AWS, $why, that keeps its sockets', ({ dependencies }) => {
  test('leaves nothing when its calls are awaited; one that is not is named', async () => {
    await using server = await openServer(true);
    await using project = await openProject({
      files: {
        'package.json': '{}',
        [file]: `const { SSMClient, GetParameterCommand } = require('@aws-sdk/client-ssm');
let client;
exports.handler = async (event) => {
  client ??= new SSMClient({ region: 'us-west-2', endpoint: 'http://127.0.0.1:' + event.port });
  for (let i = 0; i < 3; i += 1) await call();
  if (event.isLate) call();
  for (let turn = 0; turn < event.turns; turn += 1) await new Promise(setImmediate);
  return 'fine';
};
async function call() {
  await client.send(new GetParameterCommand({ Name: '/x' }));
}`,
      },
      functions: [
        { name: 'ws/default', env: { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'us-west-2' } },
      ],
    });
    await mkdir(project.path('node_modules'));
    await symlink(join(root, 'node_modules', '@aws-sdk'), project.path('node_modules/@aws-sdk'), 'junction');
    await project.save({ 'package.json': JSON.stringify({ dependencies }) });
    const { port } = server;
    for (const turns of [0, 1, 5]) expect(await project.invoke({ port, turns })).toEqual(returned('fine'));
    expect(project.left()).toEqual([]);
    await project.invoke({ port, isLate: true, turns: 1 });
    await expect.poll(project.left).toEqual([`ws/default request ${file}:11`]);
  });
});
