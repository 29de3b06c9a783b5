import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openSandbox, sandboxSettings, type SandboxEvent } from '../src/index.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Answers each message by the call of the library that it names. */
const handler = `
let arc = require('@architect/functions')
exports.handler = async function ws(event) {
  let id = event.requestContext.connectionId
  let calls = {
    info: () => arc.ws.info({ id }),
    services: () => arc.services(),
    gone: () => arc.ws.send({ id: 'AAAAAAAAAAAAAAA=', payload: {} }),
    close: () => arc.ws.close({ id }),
  }
  let answer = await calls[event.body]().catch(({ name, code, statusCode }) => ({ name, code, statusCode }))
  if (event.body !== 'close') await arc.ws.send({ id, payload: { answer } })
  return { statusCode: 200 }
}
`;

async function writeApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'furrow-stock-'));
  const files: Record<string, string> = {
    'app.arc': '@app\ntestapp\n@ws\n',
    'src/ws/default/index.js': handler,
    'src/ws/connect/index.js': 'exports.handler = async () => ({ statusCode: 200 })',
    'src/ws/disconnect/index.js': 'exports.handler = async () => ({ statusCode: 200 })',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await mkdir(join(folder, 'node_modules', '@architect'), { recursive: true });
  await symlink(
    join(root, 'node_modules', 'architect-functions'),
    join(folder, 'node_modules', '@architect', 'functions'),
    'junction',
  );
  return folder;
}

test('an app that has installed Architect’s own library runs with that one, its signatures verified', async () => {
  const projectDir = await writeApp();
  const events: SandboxEvent[] = [];
  {
    await using sandbox = await openSandbox({
      ...sandboxSettings({ port: '0', isStrict: true }, {}),
      projectDir,
      env: { PATH: process.env['PATH'], HOME: projectDir },
      isWatching: false,
      onEvent: (event) => events.push(event),
    });
    const socket = new WebSocket(sandbox.webSocketUrl ?? '');
    await once(socket, 'open');
    const ask = async (text: string): Promise<unknown> => {
      socket.send(text);
      const [data] = (await once(socket, 'message')) as [Buffer];
      const { answer } = JSON.parse(data.toString()) as { answer: unknown };
      return answer;
    };
    expect(await ask('info')).toMatchObject({ ConnectedAt: expect.stringMatching(/Z$/) as string });
    expect(await ask('services')).toMatchObject({
      ws: { https: `${sandbox.url}/testing/@connections`, wss: sandbox.webSocketUrl },
    });
    expect(await ask('gone')).toEqual({ name: 'GoneException', code: 'GoneException', statusCode: 410 });
    socket.send('close');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1000);
  }
  expect(events.filter((event) => event.type === 'refused' || ('failure' in event && event.failure))).toEqual([]);
  await rm(projectDir, { recursive: true, force: true });
});
