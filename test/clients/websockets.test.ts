import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinHandler, openClientApp, type ClientApp } from './client-app.ts';
import { codeOfGuide } from './guide.ts';
import { python, pythonMissing } from './open-caller.ts';

const missing = pythonMissing();

let app: ClientApp;
beforeAll(async () => {
  app = await openClientApp({ handlers: { join: joinHandler } });
});
afterAll(() => app[Symbol.asyncDispose]());

describe.skipIf(missing !== undefined)(
  `websockets of Python${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test.for(['ws', 'wss'])('%s', async (protocol) => {
      const long = 'x'.repeat(20_000);
      const query = `python=${protocol}`;
      const script = join(import.meta.dirname, 'websockets-client.py');
      const said = ['hello', '{"action":"join","name":"Ann"}', long];
      const { stdout } = await promisify(execFile)(
        python,
        [script, `${protocol}://${app.host}/testing?${query}`, ...said],
        { env: protocol === 'wss' ? { CA_FILE: app.authorityFile } : {} },
      );
      expect(JSON.parse(stdout)).toEqual({
        subprotocol: 'chat',
        offered: expect.stringContaining('permessage-deflate'),
        extensions: ['permessage-deflate'],
        answers: ['hello', '{"joined":"Ann"}', long],
        close: 4001,
      });
      expect(await app.disconnected(await app.connectionOf(query))).toEqual({ code: 4001, reason: 'bye' });
    });
  },
);

describe('the WebSocket of Node', () => {
  test.for(['ws', 'wss'])('%s, the guide', async (protocol) => {
    const query = `node=${protocol}`;
    const url = `${protocol}://${app.host}/testing?${query}`;
    const code = codeOfGuide('javascript', 'new WebSocket').replace('ws://localhost:3333/testing', url);
    const closing = `socket.addEventListener('message', () => socket.close(4001, 'bye'))`;
    // Node 20 has it behind a flag that later ones take too.
    const args = ['--experimental-websocket', '--no-warnings', '--eval', `${code}${closing}`];
    const env = { NODE_EXTRA_CA_CERTS: app.authorityFile };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    expect(stdout).toBe('{"joined":"Ann"}\n4001 bye\n');
    expect(await app.disconnected(await app.connectionOf(query))).toEqual({ code: 4001, reason: 'bye' });
  });
});
