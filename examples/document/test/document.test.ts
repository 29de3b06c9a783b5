/* oxlint-disable vitest/no-standalone-expect, vitest/valid-title -- claims are rows of tables, named by the document */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../../../test/support/browser.ts';
import { openConnection, refusedStatus } from '../../../test/support/connection.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { runArc } from '../../../test/support/arc.ts';
import { openDocumentApp, type DocumentApp } from './document-app.ts';
import { block, blocks, documentText, sentences } from './document.ts';

/** What the document claims, in its own words, and what proves it. */
interface Claim {
  readonly words: string;
  readonly prove: (app: DocumentApp) => Promise<void>;
}

const manifest = block('# no further config required');
const customManifest = block('connected');
const eventBlock = block('exports.handler = async function ws(event) {');
const pageBlock = block('// src/http/get-index/index.js');
const moduleBlock = block('// public/index.mjs');
const connectedBlock = block('// src/ws/connected');
const page = { 'src/http/get-index/index.js': pageBlock, 'public/index.mjs': moduleBlock };

/** Runs the claims against one app, and checks that no sentence of the section is without one. */
function describeSection(section: string, open: () => Promise<DocumentApp>, claims: readonly Claim[]): void {
  describe(section, () => {
    let app: DocumentApp;
    beforeAll(async () => {
      app = await open();
    });
    afterAll(() => app[Symbol.asyncDispose]());

    test('every sentence has its proof', () => {
      expect(claims.map(({ words }) => words)).toEqual(expect.arrayContaining([...sentences(section)]));
      for (const { words } of claims) expect(documentText).toContain(words);
    });

    for (const { words, prove } of claims) test(words, () => prove(app));
  });
}

describe('the document', () => {
  test('is the one that was published', () => {
    const digest = createHash('sha256').update(documentText).digest('hex');
    expect(digest).toBe('d43e3faf98ce05dbc7067c3a2bae704ae2519be7821e61ac20222088b14d30a8');
  });

  test('has six blocks, and all are pasted here', () => {
    expect(blocks).toEqual([
      { language: 'arc', text: manifest },
      { language: 'javascript', text: eventBlock },
      { language: 'javascript', text: pageBlock },
      { language: 'javascript', text: moduleBlock },
      { language: 'javascript', text: connectedBlock },
      { language: 'arc', text: customManifest },
    ]);
  });

  test('this example is what arc init makes of the first block', async () => {
    await using folder = await openTemporaryFolder({ 'app.arc': manifest });
    await runArc(['init'], { cwd: folder.path });
    const here = join(import.meta.dirname, '..');
    for (const [file, text] of Object.entries(await folder.texts())) {
      expect(await readFile(join(here, file), 'utf8'), file).toBe(text);
    }
  });
});

const functionsOf = async ({ folder }: DocumentApp) =>
  (await folder.files()).filter((file) => file.startsWith('src/ws/')).map((file) => file.replace(/\/[^/]+$/, ''));

describeSection('local', () => openDocumentApp(manifest, { recorded: ['ws/connect', 'ws/default', 'ws/disconnect'] }), [
  {
    words: 'An example `.arc` file:',
    async prove({ sandbox }) {
      expect(sandbox.lines()[0]).toMatchObject({ type: 'ready', app: 'testapp', warnings: [] });
    },
  },
  {
    words: 'Architect generates the following functions:',
    async prove(app) {
      expect(await functionsOf(app)).toEqual(['src/ws/connect', 'src/ws/default', 'src/ws/disconnect']);
      expect(await app.folder.files()).toContain('src/http/get-index/index.js');
    },
  },
  {
    words: '`src/ws/connect` invoked when the web socket is connected',
    async prove({ sandbox, seen }) {
      const before = seen('ws/connect').length;
      await using connection = await openConnection(sandbox.webSocketUrl);
      await expect.poll(() => seen('ws/connect').length).toBe(before + 1);
      expect(seen('ws/connect').at(-1)!.requestContext).toMatchObject({ eventType: 'CONNECT', routeKey: '$connect' });
      expect(connection.isOpen).toBe(true);
    },
  },
  {
    words: '`src/ws/default` invoked whenever a message is sent',
    async prove({ connect, seen }) {
      await using connection = await connect();
      const messages = ['{"text":"one"}', 'plain text', '{"action":"nobody"}', '[]', '💬'];
      for (const message of messages) await connection.ask(message);
      const mine = () =>
        seen('ws/default').filter((one) => one.requestContext.connectionId === connection.connectionId);
      await expect.poll(() => mine().length).toBe(messages.length);
      expect(mine().map(({ body }) => body)).toEqual(messages);
      expect(mine()[0]!.requestContext).toMatchObject({ eventType: 'MESSAGE', routeKey: '$default' });
    },
  },
  {
    words: '`src/ws/disconnect` invoked when disconnected',
    async prove({ connect, seen }) {
      const connection = await connect();
      const mine = () =>
        seen('ws/disconnect').filter((one) => one.requestContext.connectionId === connection.connectionId);
      expect(mine()).toEqual([]);
      await connection.close();
      await expect.poll(() => mine().length).toBe(1);
      expect(mine()[0]!.requestContext).toMatchObject({ eventType: 'DISCONNECT', routeKey: '$disconnect' });
    },
  },
  {
    words: 'The `connect` Lambda is primarily intended to verify `event.header.Origin`.',
    async prove({ sandbox, seen }) {
      const foreign = { origin: 'https://elsewhere.example' };
      expect(await refusedStatus(sandbox.webSocketUrl, foreign)).toBe(403);
      expect(seen('ws/connect').at(-1)!.headers!['Origin']).toBe(foreign.origin);
      await using connection = await openConnection(sandbox.webSocketUrl, { origin: sandbox.url });
      expect(connection.isOpen).toBe(true);
      await expect.poll(() => seen('ws/connect').at(-1)!.headers!['Origin']).toBe(sandbox.url);
    },
  },
  {
    words: 'The `default` Lambda will be the main event bus for web socket events.',
    async prove({ connect, seen }) {
      await using one = await connect();
      await using other = await connect();
      const before = seen('ws/default').length;
      expect(await one.ask({ text: 'from one' })).toEqual({ text: 'from one' });
      expect(await other.ask({ text: 'from the other' })).toEqual({ text: 'from the other' });
      await expect.poll(() => seen('ws/default').length).toBe(before + 2);
    },
  },
  {
    words: 'The `event.requestContext.connectionId` variable is used for determining the current web socket.',
    async prove({ connect, seen }) {
      await using one = await connect();
      await using other = await connect();
      expect(one.connectionId).not.toBe(other.connectionId);
      // Each gets its own answer and no other, because the function sends to this id.
      expect(await one.ask({ text: 'for one' })).toEqual({ text: 'for one' });
      expect(await other.ask({ text: 'for the other' })).toEqual({ text: 'for the other' });
      expect([one.messages.length, other.messages.length]).toEqual([1, 1]);
      const ids = () => seen('ws/default').map(({ requestContext }) => requestContext.connectionId);
      await expect.poll(() => ids().slice(-2)).toEqual([one.connectionId, other.connectionId]);
    },
  },
  {
    words: 'The `disconnect` Lambda is used to cleanup any records of `event.requestContext.connectionId`.',
    async prove({ connect, sandbox, seen }) {
      const connection = await connect();
      await connection.close();
      const { connectionId } = connection;
      await expect.poll(() => seen('ws/disconnect').at(-1)?.requestContext.connectionId).toBe(connectionId);
      expect(seen('ws/connect').some(({ requestContext }) => requestContext.connectionId === connectionId)).toBe(true);
      await expect.poll(() => sandbox.printed('ws/disconnect')).toContain(`cleaned up after ${connectionId}\n`);
    },
  },
]);

/** The block with its three comments put to use: each prints what it names. */
const printing = eventBlock.replaceAll(
  /^ {2}\/\/ (event\..+)$/gm,
  (_line, expression: string) => `  console.log(JSON.stringify(['${expression}', ${expression}]))`,
);

describeSection(
  'event',
  () => {
    const functions = ['connect', 'default', 'disconnect'].map((name) => [`src/ws/${name}/index.js`, printing]);
    return openDocumentApp(manifest, { pastes: Object.fromEntries(functions) });
  },
  [
    {
      words: 'Web socket functions are always invoked with an `event` payload that contains useful information:',
      async prove({ connect, sandbox, folder }) {
        expect(await folder.read('src/ws/default/index.js')).toContain('event.requestContext.connectionId');
        const connection = await connect();
        connection.send('hello');
        await expect.poll(() => sandbox.printed('ws/default')).toContain('event.body');
        await connection.close();
        await expect.poll(() => sandbox.printed('ws/disconnect')).toContain('event.requestContext.apiId');
        expect(sandbox.printed('ws/connect')).toContain('event.requestContext.apiId');
        expect(sandbox.lines().filter((line) => line['failure'] !== undefined)).toEqual([]);
      },
    },
    {
      words: '`event.requestContext.connectionId` the currently executing web socket connection',
      async prove({ connect, sandbox }) {
        const connection = await connect();
        const line = `${JSON.stringify(['event.requestContext.connectionId', connection.connectionId])}\n`;
        connection.send('hello');
        await expect.poll(() => sandbox.printed('ws/default')).toContain(line);
        await connection.close();
        await expect.poll(() => sandbox.printed('ws/disconnect')).toContain(line);
        expect(sandbox.printed('ws/connect')).toContain(line);
        // AWS's form: 11 bytes in base64.
        expect(connection.connectionId).toMatch(/^[\w-]{15}=$/);
      },
    },
    {
      words: '`event.requestContext.apiId` the currently executing web socket `apiId`',
      async prove({ connect, sandbox }) {
        const connection = await connect();
        connection.send('hello');
        await expect.poll(() => sandbox.printed('ws/default')).toContain('event.requestContext.apiId');
        await connection.close();
        await expect.poll(() => sandbox.printed('ws/disconnect')).toContain('event.requestContext.apiId');
        const printed = ['connect', 'default', 'disconnect'].flatMap((name) =>
          sandbox.printed(`ws/${name}`).split('\n'),
        );
        const apiIds = printed.filter((line) => line.includes('apiId'));
        expect(new Set(apiIds).size).toBe(1);
        expect(apiIds[0]).toMatch(/^\["event\.requestContext\.apiId","[a-z0-9]{10}"\]$/);
      },
    },
    {
      words: '`event.body` the message payload',
      async prove({ connect, sandbox }) {
        await using connection = await connect();
        for (const body of ['{"text":"hello"}', 'plain text', '  spaces and "quotes"  ', '💬']) {
          connection.send(body);
          await expect.poll(() => sandbox.printed('ws/default')).toContain(`${JSON.stringify(['event.body', body])}\n`);
        }
      },
    },
  ],
);

describe('event, the block as it is printed', () => {
  test('is a function that answers nothing and fails nothing', async () => {
    await using app = await openDocumentApp(manifest, { pastes: { 'src/ws/default/index.js': eventBlock } });
    await using connection = await app.connect();
    connection.send({ text: 'hello' });
    const line = await app.sandbox.line(({ type }) => type === 'message');
    expect(line).toMatchObject({ routeKey: '$default', body: '{"text":"hello"}' });
    expect(line).not.toHaveProperty('failure');
    expect(connection.messages).toEqual([]);
  });
});

describeSection('browser', () => openDocumentApp(manifest, { pastes: page }), [
  {
    words: 'Render the app HTML shell and embed the current web socket URL in a global `WS_URL`.',
    async prove({ sandbox }) {
      const response = await fetch(sandbox.url);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf8');
      const html = await response.text();
      const url = /^window\.WS_URL = '(.+)'$/m.exec(html)![1]!;
      const shell = /body: `(.*)`/s.exec(pageBlock)![1]!;
      expect(html).toBe(shell.replace('${getURL()}', url));
      await using connection = await openConnection(new URL(url, sandbox.url).href.replace('http', 'ws'));
      expect(connection.isOpen).toBe(true);
    },
  },
  {
    words: "We'll put the browser JavaScript in `public/index.mjs`:",
    async prove({ sandbox }) {
      expect(await (await fetch(sandbox.url)).text()).toContain('<script type=module src=/_static/index.mjs></script>');
      const response = await fetch(`${sandbox.url}/_static/index.mjs`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^(?:text|application)\/javascript/);
      expect(await response.text()).toBe(moduleBlock);
    },
  },
]);

describe('browser, seen in Chromium', () => {
  test('the page says opened, shows what was typed, and says Closed', async (context) => {
    await using browser = await openBrowser(context);
    await using app = await openDocumentApp(manifest, { pastes: page });
    const tab = await browser.newPage();
    const faults: string[] = [];
    tab.on('pageerror', (error) => faults.push(error.message));
    await tab.goto(app.sandbox.url);
    const main = tab.locator('main');

    // "connect to the web socket"
    await main.getByText(/^\d{4}-\d\d-\d\dT[\d:.]+Z - opened$/).waitFor();
    // "sends messages to the lambda", "write a message into main"
    await tab.keyboard.type('hello from a browser');
    await tab.keyboard.press('Enter');
    await main.getByText('hello from a browser', { exact: true }).waitFor();
    expect(await tab.locator('#message').inputValue()).toBe('');
    await tab.keyboard.type('and again');
    await tab.keyboard.press('Enter');
    await main.getByText('and again', { exact: true }).waitFor();
    expect(await main.locator('p').count()).toBe(3);

    // "report a closed web socket connection"
    expect(await app.sandbox.stop()).toBe(0);
    await main.getByText('Closed').waitFor();
    expect(await main.textContent()).toBe('Closed reload');
    expect(await main.locator('a').getAttribute('href')).toBe('/');
    expect(faults).toEqual([]);
  });
});

describeSection(
  'send',
  () =>
    openDocumentApp(customManifest, {
      pastes: {
        'src/ws/connected/index.js': connectedBlock,
        'src/ws/join/index.js': connectedBlock.replace(
          'event.requestContext.connectionId',
          'JSON.parse(event.body).id',
        ),
      },
    }),
  [
    {
      words: 'Send a JSON payload to any `connectionId` from runtime function code.',
      async prove({ connect }) {
        await using one = await connect();
        await using other = await connect();
        const beforeMs = Date.now();
        const payload = { ok: true, ts: expect.any(Number) };
        const answer = await one.ask({ action: 'connected' });
        expect(answer).toEqual(payload);
        expect(answer).toHaveProperty(
          'ts',
          expect.toSatisfy((ts: number) => ts >= beforeMs && ts <= Date.now()),
        );
        // Not only to whom the event came from.
        one.send({ action: 'join', id: other.connectionId });
        expect(await other.next()).toEqual(payload);
        expect(one.messages).toHaveLength(1);
      },
    },
  ],
);

describeSection('custom', () => openDocumentApp(customManifest), [
  {
    words: 'Specify custom web socket route keys:',
    async prove(app) {
      const names = ['action', 'connect', 'connected', 'default', 'disconnect', 'disconnected', 'join', 'status'];
      expect(await functionsOf(app)).toEqual(names.map((name) => `src/ws/${name}`));
      await using connection = await app.connect();
      for (const action of ['action', 'status', 'join', 'connected', 'disconnected']) {
        expect(await connection.ask({ action })).toEqual({ text: `${action} was called` });
        const last = () => app.sandbox.lines().findLast(({ type }) => type === 'message');
        await expect.poll(() => last()?.['routeKey']).toBe(action);
      }
      // Everything else is for default: no message reaches connect or disconnect.
      for (const action of ['connect', 'disconnect', 'default', '$connect', '$default', 'Join', 'nobody', 7]) {
        expect(await connection.ask({ action, text: 'to default' })).toEqual({ text: 'to default' });
      }
      expect(connection.isOpen).toBe(true);
    },
  },
]);

/** A function that looks its own app up, both ways, and tells. */
const lookUp = `
let arc = require('@architect/functions')
let { GetParameterCommand, SSMClient } = require('@aws-sdk/client-ssm')

exports.handler = async function status(event) {
  let stack = process.env.AWS_CLOUDFORMATION
  let client = new SSMClient()
  let read = async name => (await client.send(new GetParameterCommand({ Name: name }))).Parameter.Value
  let payload = {
    stack,
    https: await read('/' + stack + '/ws/https'),
    wss: await read('/' + stack + '/ws/wss'),
    services: (await arc.services()).ws
  }
  await arc.ws.send({ id: event.requestContext.connectionId, payload })
  return { statusCode: 200 }
}
`;

interface LookedUp {
  readonly stack: string;
  readonly https: string;
  readonly wss: string;
  readonly services: { readonly https: string; readonly wss: string };
}

describe('provision, what functions look up', () => {
  let app: DocumentApp;
  let found: LookedUp;
  beforeAll(async () => {
    app = await openDocumentApp(customManifest, { pastes: { 'src/ws/status/index.js': lookUp } });
    await using connection = await app.connect();
    found = JSON.parse(JSON.stringify(await connection.ask({ action: 'status' })));
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const claims: readonly Claim[] = [
    {
      words:
        '**`/[StackName]/ws/https`** with a value like `https://xxx.execute-api.us-west-1.amazonaws.com/production/@connections`',
      async prove({ sandbox, connect }) {
        expect(found.https).toBe(`${sandbox.url}/testing/@connections`);
        // It is the address that AWS's own client posts to.
        await using connection = await connect();
        const client = new ApiGatewayManagementApiClient({
          endpoint: found.https.replace(/\/@connections$/, ''),
          region: 'us-west-2',
          credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
        });
        const Data = JSON.stringify({ text: 'from AWS SDK' });
        await client.send(new PostToConnectionCommand({ ConnectionId: connection.connectionId, Data }));
        expect(await connection.next()).toEqual({ text: 'from AWS SDK' });
        const gone = client.send(new PostToConnectionCommand({ ConnectionId: 'AAAAAAAAAAAAAAA=', Data }));
        await expect(gone).rejects.toMatchObject({ name: 'GoneException', $metadata: { httpStatusCode: 410 } });
      },
    },
    {
      words: '**`/[StackName]/ws/wss`** with a value like `wss://xxx.execute-api.us-west-1.amazonaws.com/production`',
      async prove({ sandbox }) {
        expect(found.wss).toBe(sandbox.webSocketUrl);
        await using connection = await openConnection(found.wss);
        expect(await connection.ask({ text: 'hello' })).toEqual({ text: 'hello' });
      },
    },
    {
      words:
        'All runtime functions have the environment variable `AWS_CLOUDFORMATION` which is the currently deployed CloudFormation stack name; this combined w the runtime `aws-sdk` or `@architect/functions` can be used to lookup these values in SSM',
      async prove() {
        expect(found.stack).toBe('TestappTesting');
        expect(found.services).toEqual({ https: found.https, wss: found.wss });
      },
    },
  ];

  for (const { words, prove } of claims) {
    test(words, async () => {
      expect(documentText).toContain(words);
      await prove(app);
    });
  }
});
