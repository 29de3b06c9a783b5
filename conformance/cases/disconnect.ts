import assert from 'node:assert/strict';
import { closePayload, frame } from '../../test/support/raw-frames.ts';
import type { Client, Json } from '../client/client.ts';
import type { Kit } from '../kit.ts';
import type { Row } from '../row.ts';
import { guide, issue, lambdaGuide, observed } from './sources.ts';

const overview = guide('apigateway-websocket-api-overview');
const lifecycle = guide('apigateway-websocket-api-route-keys-connect-disconnect');
const closeOpcode = 0x8;

/** How connections end and what disconnect gets to know: T029 to T033, T038, T039. */
export const disconnectRows: readonly Row[] = [
  {
    id: 'T029',
    rule: 'The code and the reason with which a client closes are in the event.',
    source: observed('2025-03', 'captured events of Chrome'),
    async run(kit) {
      const status = await statusAfter(kit, ({ socket }) => socket.close(1000, 'bye'));
      assert.deepEqual(status, [1000, 'bye']);
    },
  },
  {
    id: 'T030',
    rule: 'A client that closes without a code is reported as 1005, "Client-side close frame status not set".',
    source: observed('2023-11', 'captured events of wscat'),
    async run(kit) {
      const status = await statusAfter(kit, ({ socket }) => socket.close());
      assert.deepEqual(status, [1005, 'Client-side close frame status not set']);
    },
  },
  {
    id: 'T031',
    rule: 'A client that closes with a code and no reason is reported with the reason "".',
    source: observed('2025-03', 'captured events of Chrome'),
    async run(kit) {
      const status = await statusAfter(kit, ({ socket }) => socket.close(1001));
      assert.deepEqual(status, [1001, '']);
    },
  },
  {
    id: 'T032',
    rule: 'A client whose TCP connection ends without a close frame is reported as 1006.',
    source: overview,
    async run(kit) {
      const [code] = await statusAfter(kit, ({ socket }) => socket.terminate());
      assert.equal(code, 1006);
    },
  },
  {
    id: 'T033',
    rule: 'DELETE at @connections closes with 1000; it is reported as 1000, "Connection Closed Normally".',
    source: issue('boto/boto3', 3789),
    async run(kit) {
      const status = await statusAfter(kit, async (client) => {
        assert.equal((await kit.manage('DELETE', await client.askId())).statusCode, 204);
        assert.equal((await client.closed).code, 1000);
      });
      assert.deepEqual(status, [1000, 'Connection Closed Normally']);
    },
  },
  {
    id: 'T038',
    rule: 'A disconnect function that sends to its own connection gets 410.',
    source: lifecycle,
    async run({ observer, connect }) {
      const watcher = await observer();
      const client = await connect({ scripts: { disconnect: [{ attempt: ['send'], tell: watcher.id }] } });
      client.socket.close(1000);
      const { outcomes } = await watcher.nextJson();
      assert.deepEqual(outcomes, [{ operation: 'send', isDone: false, name: 'GoneException', statusCode: 410 }]);
    },
  },
  {
    id: 'T039',
    rule: 'A disconnect function that throws is not run again, and the client is sent nothing.',
    source: lambdaGuide('services-apigateway-errors'),
    async run({ observer, raw, quiet }) {
      const watcher = await observer();
      const client = await raw({ scripts: { disconnect: [{ tell: watcher.id }, { throw: 'boom' }] } });
      client.write(frame(closeOpcode, closePayload(1000)));
      await watcher.next();
      await quiet();
      assert.deepEqual(watcher.messages, []);
      assert.deepEqual(
        client.frames().map(({ opcode }) => opcode),
        [closeOpcode],
      );
    },
  },
];

/** Code and reason of the one event that follows when a connection is ended so. */
async function statusAfter(
  { observer, connect, quiet }: Kit,
  end: (client: Client) => unknown,
): Promise<readonly [number, string]> {
  const watcher = await observer();
  const client = await connect({ scripts: { disconnect: [{ tell: watcher.id }] } });
  await end(client);
  const { event }: Json = await watcher.nextJson();
  const { eventType, disconnectStatusCode, disconnectReason } = event.requestContext;
  assert.equal(eventType, 'DISCONNECT');
  await quiet();
  assert.deepEqual(watcher.messages, []);
  return [disconnectStatusCode, disconnectReason];
}
