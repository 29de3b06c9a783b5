import assert from 'node:assert/strict';
import { closePayload, frame } from '../../test/support/raw-frames.ts';
import type { Kit } from '../kit.ts';
import type { Row } from '../row.ts';
import { guide, ours } from './sources.ts';

const limitsPage = guide('apigateway-execution-service-websocket-limits-table');
const frameLimit = 32_768;
const continuation = 0x0;
const textOpcode = 0x1;
const closeOpcode = 0x8;
const tooBig = 1009;

/** A message for `join` of so many bytes. */
function messageOf(length: number, script: object): Buffer {
  const bare = JSON.stringify({ action: 'join', script, padding: '' });
  const text = JSON.stringify({ action: 'join', script, padding: 'x'.repeat(length - bare.length) });
  assert.equal(Buffer.byteLength(text), length);
  return Buffer.from(text);
}

/** One message in frames of these lengths. */
function inFrames(message: Buffer, lengths: readonly number[]): Buffer {
  let start = 0;
  const frames = lengths.map((length, index) => {
    const payload = message.subarray(start, (start += length));
    return frame(index === 0 ? textOpcode : continuation, payload, { isLast: index === lengths.length - 1 });
  });
  assert.equal(start, message.length);
  return Buffer.concat(frames);
}

/** Sends a message in frames of these lengths, and expects that it ends the connection and runs nothing. */
async function expectTooBig({ observer, raw, quiet }: Kit, lengths: readonly number[]): Promise<void> {
  const witness = await observer();
  const client = await raw();
  await client.askId();
  const length = lengths.reduce((sum, one) => sum + one, 0);
  client.write(inFrames(messageOf(length, [{ post: { ran: true }, to: witness.id }]), lengths));
  assert.equal(await client.closeCode(), tooBig);
  await quiet();
  assert.deepEqual(witness.messages, []);
}

/** Sizes: T095, T120 to T125. */
export const limitRows: readonly Row[] = [
  {
    id: 'T095',
    rule: 'A message in three frames of 30 KB is one event with all of its 90 KB.',
    source: limitsPage,
    async run({ observer, raw, quiet }) {
      const witness = await observer();
      const client = await raw();
      const length = 30 * 1024;
      const message = messageOf(3 * length, [{ tell: witness.id }]);
      client.write(inFrames(message, [length, length, length]));
      assert.equal((await witness.nextJson()).event.body, message.toString());
      await quiet();
      assert.deepEqual(witness.messages, []);
    },
  },
  {
    id: 'T120',
    rule: 'A frame of 32,768 bytes is taken.',
    source: limitsPage,
    async run({ observer, raw }) {
      const witness = await observer();
      const client = await raw();
      const message = messageOf(frameLimit, [{ tell: witness.id }]);
      client.write(frame(textOpcode, message));
      assert.equal((await witness.nextJson()).event.body, message.toString());
    },
  },
  {
    id: 'T121',
    rule: 'A frame of 32,769 bytes ends the connection with 1009, and runs nothing.',
    source: limitsPage,
    run: (kit) => expectTooBig(kit, [frameLimit + 1]),
  },
  {
    id: 'T122',
    rule: 'A message of 131,072 bytes in four frames is taken.',
    source: limitsPage,
    async run({ observer, raw }) {
      const witness = await observer();
      const client = await raw();
      // The event is more than a message can hold: that the script ran says that its last byte came.
      const message = messageOf(4 * frameLimit, [{ post: { ran: true }, to: witness.id }]);
      client.write(inFrames(message, [frameLimit, frameLimit, frameLimit, frameLimit]));
      assert.deepEqual(await witness.nextJson(), { ran: true });
      assert.notEqual(await client.askId(), '');
    },
  },
  {
    id: 'T123',
    rule: 'A message of 131,073 bytes, the last one in a fifth frame, ends the connection with 1009, and runs nothing.',
    source: limitsPage,
    run: (kit) => expectTooBig(kit, [frameLimit, frameLimit, frameLimit, frameLimit, 1]),
  },
  {
    id: 'T124',
    rule: 'The DISCONNECT event of a connection that ended for its size says 1009.',
    source: ours,
    isOurChoice: true,
    async run({ observer, raw }) {
      const witness = await observer();
      const client = await raw({ scripts: { disconnect: [{ tell: witness.id }] } });
      client.write(frame(textOpcode, 'x'.repeat(frameLimit + 1)));
      assert.equal(await client.closeCode(), tooBig);
      client.write(frame(closeOpcode, closePayload(tooBig)));
      assert.equal((await witness.nextJson()).event.requestContext.disconnectStatusCode, tooBig);
    },
  },
  {
    id: 'T125',
    rule: 'A handshake whose URL has 4,096 characters is let in, one with 4,097 is refused.',
    source: limitsPage,
    async run({ stage, connect, refused }) {
      const longest = 4096;
      // Whether scheme and host count is not said. Both hold: with them it is short enough, without them too long.
      const start = `${stage.url}?a=`;
      await connect({ query: `a=${'x'.repeat(longest - start.length)}` });
      const path = `${new URL(stage.url).pathname}?a=`;
      const { statusCode } = await refused({ query: `a=${'x'.repeat(longest + 1 - path.length)}` });
      assert.ok(statusCode >= 400 && statusCode < 500, String(statusCode));
    },
  },
];
