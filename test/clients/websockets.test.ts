import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinHandler, openClientApp, type ClientApp } from './client-app.ts';
import { python, pythonMissing } from './open-caller.ts';

const missing = pythonMissing();

describe.skipIf(missing !== undefined)(
  `websockets of Python${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let app: ClientApp;
    beforeAll(async () => {
      app = await openClientApp({ handlers: { join: joinHandler } });
    });
    afterAll(() => app[Symbol.asyncDispose]());

    test.for(['ws', 'wss'])('%s', async (protocol) => {
      const long = 'x'.repeat(20_000);
      const url = `${protocol}://${app.host}/testing?by=${protocol}`;
      const script = join(import.meta.dirname, 'websockets-client.py');
      const { stdout } = await promisify(execFile)(
        python,
        [script, url, 'hello', '{"action":"join","name":"Ann"}', long],
        {
          env: protocol === 'wss' ? { CA_FILE: app.authorityFile } : {},
        },
      );
      expect(JSON.parse(stdout)).toEqual({
        subprotocol: 'chat',
        offered: expect.stringContaining('permessage-deflate'),
        extensions: expect.any(Array),
        answers: ['hello', '{"joined":"Ann"}', long],
        close: 4001,
      });
      expect(await app.disconnected(await app.connectionOf(`by=${protocol}`))).toEqual({ code: 4001, reason: 'bye' });
    });
  },
);
