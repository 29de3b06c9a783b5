import { once } from 'node:events';
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openApp } from './open-app.ts';

const handler = `const arc = require('@architect/functions')
exports.handler = async ({ requestContext, body }) => {
  await arc.ws.send({ id: requestContext.connectionId, payload: { value: process.env[body] ?? null } })
  return { statusCode: 200 }
}`;
const app = { 'src/ws/default/index.js': handler };

async function connect(url: string) {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return {
    socket,
    async ask(name: string): Promise<unknown> {
      const answered = once(socket, 'message');
      socket.send(name);
      const [data] = await answered;
      return JSON.parse(String(data)).value;
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
}

async function openHome(files: Readonly<Record<string, string>>) {
  const path = await mkdtemp(join(tmpdir(), 'furrow-home-'));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(path, name), text)));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const testing = (value: string) => `@env\ntesting\n  KEY ${value}\nstaging\n  KEY staging\n`;

const refused = (file: string, text: string) => ({
  type: 'environmentFault',
  file,
  text,
  expected: 'a name that an app may set',
});

describe('@env', () => {
  test.for<{ why: string; files: Record<string, string>; home?: Record<string, string>; value: string | null }>([
    { why: 'none', files: {}, value: null },
    { why: 'preferences.arc', files: { 'preferences.arc': testing('a') }, value: 'a' },
    { why: 'prefs.arc', files: { 'prefs.arc': testing('a') }, value: 'a' },
    { why: '.preferences.arc', files: { '.preferences.arc': testing('a') }, value: 'a' },
    { why: '.prefs.arc', files: { '.prefs.arc': testing('a') }, value: 'a' },
    { why: 'the first of two', files: { 'prefs.arc': testing('a'), '.prefs.arc': testing('b') }, value: 'a' },
    { why: 'the home folder', files: {}, home: { '.prefs.arc': testing('h') }, value: 'h' },
    {
      why: 'the project before the home folder',
      files: { 'preferences.arc': testing('a') },
      home: { '.prefs.arc': testing('h') },
      value: 'a',
    },
    {
      why: 'the home folder where the project says something else',
      files: { 'preferences.arc': '@sandbox\npersist false\n' },
      home: { '.prefs.arc': testing('h') },
      value: 'h',
    },
    { why: '.env in its place', files: { 'preferences.arc': testing('a'), '.env': 'KEY=e\n' }, value: 'e' },
    { why: '.env without it', files: { 'preferences.arc': testing('a'), '.env': 'OTHER=e\n' }, value: null },
    { why: 'an empty .env', files: { 'preferences.arc': testing('a'), '.env': '' }, value: null },
    { why: 'no .env of the home folder', files: {}, home: { '.env': 'KEY=h' }, value: null },
  ])('handlers see: $why', async ({ files, home = {}, value }) => {
    await using homeFolder = await openHome(home);
    await using running = await openApp({ ...app, ...files }, { homeDir: homeFolder.path });
    using client = await connect(running.url);
    expect(await client.ask('KEY')).toBe(value);
  });

  test('names that say where a function runs are refused, from both files', async () => {
    const files = {
      'preferences.arc': '@env\ntesting\n  ARC_WSS_URL ws://elsewhere\n  AWS_REGION mars\n  ARC_OTHER a\n',
    };
    await using running = await openApp({ ...app, ...files }, { isWatching: true });
    await running.sandbox.watching;
    expect(running.events).toContainEqual(expect.objectContaining(refused('@env', 'ARC_WSS_URL')));
    expect(running.events).toContainEqual(expect.objectContaining(refused('@env', 'AWS_REGION')));
    using client = await connect(running.url);
    expect(await client.ask('ARC_WSS_URL')).toBe(running.url);
    expect(await client.ask('ARC_OTHER')).toBe('a');
    await running.save('.env', 'ARC_ENV=production\nKEY=e\n');
    await expect.poll(() => client.ask('KEY')).toBe('e');
    expect(await client.ask('ARC_ENV')).toBe('testing');
    expect(running.events).toContainEqual(expect.objectContaining(refused('.env', 'ARC_ENV')));
  });

  test('is followed on one open socket: saved, saved in the home folder, gone', async () => {
    await using home = await openHome({ '.prefs.arc': testing('h') });
    await using running = await openApp(
      { ...app, 'preferences.arc': testing('a') },
      { homeDir: home.path, isWatching: true },
    );
    await running.sandbox.watching;
    using client = await connect(running.url);
    expect(await client.ask('KEY')).toBe('a');
    await running.save('preferences.arc', testing('b'));
    await expect.poll(() => client.ask('KEY')).toBe('b');
    await unlink(running.path('preferences.arc'));
    await expect.poll(() => client.ask('KEY')).toBe('h');
    await writeFile(join(home.path, '.prefs.arc'), testing('i'));
    await expect.poll(() => client.ask('KEY')).toBe('i');
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    expect(running.events).toContainEqual(
      expect.objectContaining({ type: 'environmentChanged', file: 'preferences.arc' }),
    );
  });
});

test('what of @sandbox has no effect is said once, and what waits for the next start', async () => {
  const preferences = '@sandbox\ncoldstart true\n';
  await using running = await openApp({ ...app, 'preferences.arc': preferences }, { isWatching: true });
  await running.sandbox.watching;
  const notices = () =>
    running.events
      .flatMap((event) => (event.type === 'notice' ? [event.text] : []))
      .filter((text) => text.includes('@sandbox'));
  const said = 'preferences.arc, line 2: "coldstart" of @sandbox has no effect here.';
  expect(notices()).toEqual([said]);
  await running.save('preferences.arc', `${preferences}persist true\n@env\ntesting\n  KEY a\n`);
  using client = await connect(running.url);
  await expect.poll(() => client.ask('KEY')).toBe('a');
  expect(notices()).toEqual([said, 'What @sandbox says now takes effect when the sandbox is started again.']);
});

test('the page is at the port of @sandbox, where nothing typed says another', async () => {
  const port = await freePort();
  const files = { ...app, 'preferences.arc': `@sandbox\nports\n  http ${port}\n` };
  await using preferred = await openApp(files, { flags: { port: undefined } });
  expect(new URL(preferred.url).port).toBe(String(port));
  await using typed = await openApp(files, { flags: { port: '0' } });
  expect(new URL(typed.url).port).not.toBe(String(port));
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
