import assert from 'node:assert/strict';
import { frame } from '../../test/support/raw-frames.ts';
import type { RawClient } from '../client/raw-client.ts';
import type { Row } from '../row.ts';
import { guide, issue, ours } from './sources.ts';
import { until } from '../../test/support/until.ts';

const binaryOpcode = 0x2;
const pingOpcode = 0x9;
const pongOpcode = 0xa;
const minuteMs = 60_000;

/** Sends a ping, and waits until its pong has come. */
async function ping(client: RawClient, payload: string): Promise<void> {
  client.write(frame(pingOpcode, payload));
  const isPong = (one: ReturnType<RawClient['frames']>[number]) =>
    one.opcode === pongOpcode && one.payload.toString() === payload;
  await until(() => client.frames().some(isPong), `a pong of ${payload}`);
}

/** Frames that carry no text, and extensions: T093, T128 to T132. */
export const controlFrameRows: readonly Row[] = [
  {
    id: 'T093',
    rule: 'A binary frame ends the connection with 1003, and runs nothing.',
    source: guide('websocket-api-develop-binary-media-types'),
    async run({ observer, raw, quiet }) {
      const witness = await observer();
      const client = await raw({ scripts: { message: [{ tell: witness.id }] } });
      client.write(frame(binaryOpcode, '{"action":"join"}'));
      assert.equal(await client.closeCode(), 1003);
      await quiet();
      assert.deepEqual(witness.messages, []);
    },
  },
  {
    id: 'T128',
    rule: 'A ping is answered by a pong with the same payload, and runs nothing.',
    source: issue('compiler-explorer/infra', 2229),
    async run({ observer, raw, quiet }) {
      const witness = await observer();
      const client = await raw({ scripts: { message: [{ tell: witness.id }] } });
      await ping(client, 'x');
      await quiet();
      assert.deepEqual(witness.messages, []);
      assert.equal(client.frames().length, 1);
    },
  },
  {
    id: 'T129',
    rule: 'A client that says nothing for five minutes is not pinged.',
    source: issue('andyrichardson/subscriptionless', 3),
    needs: ['clock'],
    async run({ raw, advance, quiet }) {
      const client = await raw();
      for (let minute = 0; minute < 5; minute += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one minute after the other
        await advance(minuteMs);
      }
      await quiet();
      assert.deepEqual(client.frames(), []);
      await ping(client, 'still there');
    },
  },
  {
    id: 'T130',
    rule: 'Pings do not keep a connection open: without messages it ends with 1001 after ten minutes.',
    source: ours,
    isOurChoice: true,
    needs: ['clock'],
    async run({ raw, advance }) {
      const client = await raw();
      for (let minute = 0; minute < 10; minute += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one minute after the other
        await ping(client, `minute ${minute}`);
        // oxlint-disable-next-line no-await-in-loop
        await advance(minuteMs);
      }
      assert.equal(await client.closeCode(), 1001);
    },
  },
  {
    id: 'T131',
    rule: 'A client that offers permessage-deflate is given it.',
    source: issue('python-websockets/websockets', 1065),
    async run({ raw, connect }) {
      const client = await raw({ headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } });
      assert.match(client.head, /^sec-websocket-extensions: *permessage-deflate(?:;|$)/im);
      const compressing = await connect({ offersCompression: true });
      assert.match(compressing.socket.extensions, /^permessage-deflate(?:;|$)/);
      const text = JSON.stringify({ action: 'join', script: [{ tell: 'self' }], padding: 'x'.repeat(20_000) });
      compressing.send(text);
      assert.equal((await compressing.nextJson()).event.body, text);
    },
  },
  {
    id: 'T132',
    rule: 'A client that offers no extension is given none.',
    source: issue('python-websockets/websockets', 1065),
    async run({ raw }) {
      const head = (await raw()).head;
      assert.match(head, /^HTTP\/1\.1 101 /);
      assert.doesNotMatch(head, /^sec-websocket-extensions:/im);
    },
  },
];
