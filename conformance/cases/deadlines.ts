import assert from 'node:assert/strict';
import type { Client } from '../client/client.ts';
import type { Row } from '../row.ts';
import { until } from '../../test/support/until.ts';
import { guide, issue, observed } from './sources.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;

/**
 * How long connections last: T034 to T037.
 *
 * A clock that jumps ahead of a function that still runs makes it time out, so rows are quiet before it does.
 */
export const deadlineRows: readonly Row[] = [
  {
    id: 'T034',
    rule: 'A connection without a message for ten minutes is closed with 1001; it is reported as 1001, "Going away".',
    source: observed('2024-02', 'captured events of Firefox, 604 seconds apart'),
    needs: ['clock'],
    async run({ observer, connect, advance, quiet }) {
      const watcher = await observer();
      const client = await connect({ scripts: { disconnect: [{ tell: watcher.id }] } });
      await quiet();
      await advance(5 * minuteMs);
      // Or it would be closed with the other one.
      await watcher.askId();
      await quiet();
      await advance(5 * minuteMs - 4 * secondMs);
      await quiet();
      assert.ok(client.isOpen());
      await advance(5 * secondMs);
      await isClosedSoon(client);
      const { disconnectStatusCode, disconnectReason } = (await watcher.nextJson()).event.requestContext;
      assert.deepEqual([disconnectStatusCode, disconnectReason], [1001, 'Going away']);
    },
  },
  {
    id: 'T035',
    rule: 'A client that sends a message every nine minutes stays connected.',
    source: issue('ustaxcourt/ef-cms', 1760),
    needs: ['clock'],
    async run({ observer, connect, advance, quiet }) {
      const watcher = await observer();
      const client = await connect();
      for (let round = 0; round < 3; round += 1) {
        // oxlint-disable no-await-in-loop -- one after the other
        await quiet();
        await advance(9 * minuteMs);
        client.play([{ tell: watcher.id }]);
        await watcher.next();
        // oxlint-enable no-await-in-loop
      }
      await quiet();
      assert.ok(client.isOpen());
      assert.deepEqual(client.messages, []);
    },
  },
  {
    id: 'T036',
    rule: 'A client that only gets a message every nine minutes stays connected.',
    source: issue('andyrichardson/subscriptionless', 3),
    needs: ['clock'],
    async run({ observer, connect, manage, advance, quiet }) {
      const watcher = await observer();
      const client = await connect({ scripts: { connect: [{ tell: watcher.id }] } });
      const { connectionId } = (await watcher.nextJson()).event.requestContext;
      for (let round = 0; round < 3; round += 1) {
        // oxlint-disable no-await-in-loop -- one after the other
        await advance(9 * minuteMs);
        assert.equal((await manage('POST', connectionId, 'tick')).statusCode, 200);
        assert.equal(await client.next(), 'tick');
        // oxlint-enable no-await-in-loop
      }
      await quiet();
      assert.ok(client.isOpen());
    },
  },
  {
    id: 'T037',
    rule: 'A connection is closed with 1001 two hours after its handshake, whatever its traffic.',
    source: guide('apigateway-execution-service-websocket-limits-table'),
    needs: ['clock'],
    async run({ observer, manage, advance, quiet }) {
      const client = await observer();
      await quiet();
      for (let minutes = 1; minutes < 120; minutes += 1) {
        // oxlint-disable no-await-in-loop -- one after the other
        await advance(minuteMs);
        assert.equal((await manage('POST', client.id, 'tick')).statusCode, 200);
        assert.equal(await client.next(), 'tick');
        // oxlint-enable no-await-in-loop
      }
      await quiet();
      assert.ok(client.isOpen());
      await advance(minuteMs + secondMs);
      await isClosedSoon(client);
    },
  },
];

/** The clock goes on while one waits: what comes seconds later was not due yet. */
async function isClosedSoon(client: Client): Promise<void> {
  await until(() => !client.isOpen(), 'the end of the connection', 2000);
  assert.equal((await client.closed).code, 1001);
}
