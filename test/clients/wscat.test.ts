import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { credentials, joinHandler, openClientApp, region, type ClientApp } from './client-app.ts';
import { python, pythonMissing } from './open-caller.ts';
import { callerOf } from './sdk-3.ts';

const require = createRequire(import.meta.url);
const wscat = require.resolve('wscat/bin/wscat');
const missing = pythonMissing();
/** Runs a program in a terminal, and hands on what is typed. */
const inTerminal = 'import pty, sys; pty.spawn(sys.argv[1:])';

let app: ClientApp;
beforeAll(async () => {
  app = await openClientApp({ handlers: { join: joinHandler } });
});
afterAll(() => app[Symbol.asyncDispose]());

let count = 0;

/** Starts wscat with a URL of its own. */
function start(options: {
  readonly args?: readonly string[];
  readonly url?: string;
  readonly hasTerminal?: boolean;
  readonly isTrusting?: boolean;
}) {
  const { args = [], url = app.webSocketUrl, hasTerminal = false, isTrusting = true } = options;
  count += 1;
  const target = new URL(url);
  target.searchParams.set('wscat', String(count));
  const command = [process.execPath, wscat, '-c', target.href, ...args];
  const [program = '', ...rest] = hasTerminal ? [python, '-c', inTerminal, ...command] : command;
  const child = spawn(program, rest, {
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...(isTrusting && { NODE_EXTRA_CA_CERTS: app.authorityFile }) },
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const exited = once(child, 'close').then(([code, signal]: unknown[]) => ({ code, signal }));
  return {
    exited,
    output: () => output,
    errors: () => errors,
    /** Where it has no terminal it writes its prompts too. */
    lines: () => output.replaceAll('> ', '').split('\n').slice(0, -1),
    type: (text: string) => void child.stdin.write(text),
    endInput: () => child.stdin.end(),
    interrupt: () => child.kill('SIGINT'),
    /** Resolves when what is typed is sent; what is typed before is lost. */
    async opened() {
      const connectionId = await app.connectionOf(target.searchParams.toString());
      await callerOf({ endpoint: `${app.sandbox.url}/testing`, region, credentials })([
        { type: 'post', id: connectionId, data: 'welcome' },
      ]);
      await expect.poll(() => output).toContain('welcome');
      return connectionId;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

test.for(['ws', 'wss'])('%s: lines are sent, answers are printed', async (protocol) => {
  await using client = start({ url: `${protocol}://${app.host}/testing` });
  await client.opened();
  client.type('hello\n');
  await expect.poll(client.lines).toEqual(['welcome', 'hello']);
  client.type('{"action":"join","name":"Ann"}\n');
  await expect.poll(client.lines).toEqual(['welcome', 'hello', '{"joined":"Ann"}']);
  expect(client.errors()).toBe('');
});

test('wss without trust', async () => {
  await using client = start({ url: `wss://${app.host}/testing`, isTrusting: false });
  expect(await client.exited).toEqual({ code: 255, signal: null });
  expect(client.errors()).toBe('error: unable to verify the first certificate\n');
});

test('wss without trust, with -n', async () => {
  await using client = start({ url: `wss://${app.host}/testing`, args: ['-n'], isTrusting: false });
  await client.opened();
  expect(client.lines()).toEqual(['welcome']);
});

test.for([400, 401, 403, 501])('a handshake refused with %i', async (status) => {
  await using client = start({ url: `${app.webSocketUrl}?status=${status}` });
  expect(await client.exited).toEqual({ code: 255, signal: null });
  expect(client.errors()).toBe(`error: Unexpected server response: ${status}\n`);
  expect(client.output()).toBe('');
});

test('-s takes the subprotocol that connect has chosen', async () => {
  await using client = start({ args: ['-s', 'chat', '-s', 'other'] });
  await client.opened();
  expect(client.errors()).toBe('');
});

test.for([
  { choice: '', message: 'Server sent no subprotocol' },
  { choice: 'third', message: 'Server sent an invalid subprotocol' },
])('-s, and connect chooses "$choice"', async ({ choice, message }) => {
  await using client = start({ args: ['-s', 'chat'], url: `${app.webSocketUrl}?protocol=${choice}` });
  expect(await client.exited).toEqual({ code: 255, signal: null });
  expect(client.errors()).toBe(`error: ${message}\n`);
});

test('-x sends a line of its own', async () => {
  await using client = start({ args: ['-x', 'hello', '-w', '-1'] });
  await expect.poll(client.lines).toEqual(['hello']);
});

describe('A25 leaving', () => {
  test.skipIf(missing !== undefined)(
    `Ctrl-C in a terminal → 1005${missing === undefined ? '' : ` (skipped: ${missing})`}`,
    async () => {
      await using client = start({ hasTerminal: true });
      const id = await client.opened();
      expect(client.output()).toContain('Connected (press CTRL+C to quit)');
      client.type('\u0003');
      expect(await app.disconnected(id)).toEqual({ code: 1005, reason: 'Client-side close frame status not set' });
    },
  );

  test('the end of its input → 1005', async () => {
    await using client = start({});
    const id = await client.opened();
    client.endInput();
    expect(await app.disconnected(id)).toEqual({ code: 1005, reason: 'Client-side close frame status not set' });
  });

  test('a signal, without a terminal → 1006', async () => {
    await using client = start({});
    const id = await client.opened();
    client.interrupt();
    expect(await app.disconnected(id)).toEqual({ code: 1006, reason: '' });
  });

  test('/close 4001 bye', async () => {
    await using client = start({ args: ['--slash'] });
    const id = await client.opened();
    client.type('/close 4001 bye\n');
    expect(await app.disconnected(id)).toEqual({ code: 4001, reason: 'bye' });
  });
});
