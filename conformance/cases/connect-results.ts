import assert from 'node:assert/strict';
import type { Kit } from '../kit.ts';
import type { Row, TestedRow } from '../row.ts';
import { until } from '../../test/support/until.ts';
import { guide, issue, lambdaGuide, observed, ours } from './sources.ts';

const internalError = '{"message": "Internal server error"}';
const experiment = observed('2021-12', 'status codes against outcomes, with wscat');
const lambdaErrors = lambdaGuide('services-apigateway-errors');

/** What the connect function returns, and what becomes of the handshake: T001 to T017. */
export const connectResultRows: readonly Row[] = [
  {
    id: 'T001',
    rule: 'An app without a connect function lets everybody in, and runs nothing.',
    source: guide('apigateway-websocket-api-route-keys-connect-disconnect'),
    variant: 'bare',
    async run({ observer, connect, quiet }) {
      const watcher = await observer();
      const client = await connect({ scripts: { message: [{ tell: watcher.id }] } });
      await quiet();
      assert.deepEqual(watcher.messages, []);
      // The same script, once there is a message: it would have been heard of.
      client.send('hello');
      assert.equal((await watcher.nextJson()).event.requestContext.routeKey, '$default');
    },
  },
  {
    id: 'T002',
    rule: 'A connect function that takes two seconds keeps the handshake waiting for them.',
    source: guide('apigateway-websocket-api-route-keys-connect-disconnect'),
    async run({ connect }) {
      const startedAt = performance.now();
      await connect({ scripts: { connect: [{ sleep: 2000 }, { return: { statusCode: 200 } }] } });
      // A timer may be early by a millisecond.
      assert.ok(performance.now() - startedAt >= 1999);
    },
  },
  opens({ id: 'T003', statusCodes: [200], rule: 'Status 200 opens the connection.', source: experiment }),
  opens({ id: 'T004', statusCodes: [201], rule: 'Status 201 opens the connection.', source: experiment }),
  {
    ...opens({
      id: 'T005',
      statusCodes: [202, 204, 299],
      rule: 'Every status from 200 to 299 opens the connection.',
      source: ours,
    }),
    isOurChoice: true,
  },
  {
    id: 'T006',
    rule: 'Status 301 of the connect function is the status of the handshake; nothing is followed.',
    source: experiment,
    async run({ observer, refused, quiet }) {
      const { id, messages } = await observer();
      const result = { statusCode: 301, headers: { Location: '/' } };
      const { statusCode } = await refused({ scripts: { connect: [{ tell: id }, { return: result }] } });
      await quiet();
      assert.deepEqual([statusCode, messages.length], [301, 1]);
    },
  },
  refuses({ id: 'T007', statusCode: 400, source: guide('websocket-connect-route-subprotocol') }),
  refuses({ id: 'T008', statusCode: 401, source: experiment }),
  refuses({ id: 'T009', statusCode: 403, source: issue('dherault/serverless-offline', 1301) }),
  refuses({ id: 'T010', statusCode: 501, source: experiment }),
  {
    id: 'T011',
    rule: 'A client that is refused sees neither the body nor the headers that the connect function returned.',
    source: ours,
    isOurChoice: true,
    async run({ refused }) {
      const result = { statusCode: 403, body: 'secret', headers: { 'X-Secret': '1' } };
      const { statusCode, headers, body } = await refused({ scripts: { connect: [{ return: result }] } });
      assert.equal(statusCode, 403);
      assert.equal(headers['x-secret'], undefined);
      assert.ok(!body.includes('secret'));
    },
  },
  {
    id: 'T012',
    rule: 'A connect function that throws gives 502.',
    source: experiment,
    run: ({ refused }) => isBadGateway(refused, [{ throw: 'boom' }]),
  },
  {
    id: 'T013',
    rule: 'A connect function whose code does not load gives 502.',
    source: issue('serverless/serverless-websockets-plugin', 13),
    variant: 'broken',
    run: ({ refused }) => isBadGateway(refused, []),
  },
  {
    id: 'T014',
    rule: 'A connect function that returns undefined or null gives 502.',
    source: issue('michalkvasnicak/aws-lambda-graphql', 48),
    async run({ refused }) {
      await isBadGateway(refused, [{ returnNothing: true }]);
      await isBadGateway(refused, [{ return: null }]);
    },
  },
  {
    id: 'T015',
    rule: 'A connect function that returns an object without a status gives 502.',
    source: lambdaErrors,
    run: ({ refused }) => isBadGateway(refused, [{ return: {} }]),
  },
  {
    id: 'T016',
    rule: 'A connect function that returns a key that API Gateway does not know gives 502.',
    source: issue('middyjs/middy', 1219),
    run: ({ refused }) => isBadGateway(refused, [{ return: { statusCode: 200, extra: 1 } }]),
  },
  {
    id: 'T017',
    rule: 'A connect function that returns a body that is no text gives 502.',
    source: issue('brefphp/bref', 773),
    run: ({ refused }) => isBadGateway(refused, [{ return: { statusCode: 200, body: { a: 1 } } }]),
  },
  {
    id: 'T018',
    rule: 'A connect function that Lambda refuses to run, here for its reserved concurrency of 0, gives 500.',
    source: lambdaErrors,
    variant: 'refused',
    async run({ refused }) {
      const { statusCode, body } = await refused();
      assert.deepEqual({ statusCode, body }, { statusCode: 500, body: internalError });
    },
  },
  {
    id: 'T019',
    rule: 'A connect function that is still running after 29 seconds gives 504.',
    source: guide('supported-gateway-response-types'),
    isOurChoice: true,
    needs: ['clock'],
    async run({ observer, refused, advance, quiet }) {
      const watcher = await observer();
      let isAnswered = false;
      const answer = refused({ scripts: { connect: [{ tell: watcher.id }, { sleep: 10_000 }] } }).finally(() => {
        isAnswered = true;
      });
      await watcher.next();
      await advance(27_000);
      await quiet();
      assert.ok(!isAnswered);
      await advance(2000);
      await until(() => isAnswered, 'the answer at 29 seconds', 1500);
      const { statusCode, body } = await answer;
      assert.deepEqual({ statusCode, body }, { statusCode: 504, body: '{"message": "Endpoint request timed out"}' });
    },
  },
  {
    id: 'T020',
    rule: 'Lambda is asked once: a connect function that throws is not run again.',
    source: lambdaErrors,
    async run({ observer, refused, quiet }) {
      const { id, messages } = await observer();
      await refused({ scripts: { connect: [{ tell: id }, { throw: 'boom' }] } });
      await quiet();
      assert.equal(messages.length, 1);
    },
  },
];

function opens({ statusCodes, ...described }: Described & { readonly statusCodes: readonly number[] }): TestedRow {
  return {
    ...described,
    async run({ connect }) {
      for (const statusCode of statusCodes) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const client = await connect({ scripts: { connect: [{ return: { statusCode } }] } });
        // oxlint-disable-next-line no-await-in-loop
        assert.ok(await client.askId(), `status ${statusCode}`);
      }
    },
  };
}

type Described = Pick<TestedRow, 'id' | 'rule' | 'source'>;

function refuses({ id, statusCode, source }: Omit<Described, 'rule'> & { readonly statusCode: number }): TestedRow {
  return {
    id,
    rule: `Status ${statusCode} of the connect function is the status of the handshake.`,
    source,
    async run({ refused }) {
      const refusal = await refused({ scripts: { connect: [{ return: { statusCode } }] } });
      assert.equal(refusal.statusCode, statusCode);
    },
  };
}

async function isBadGateway(refused: Kit['refused'], connect: readonly Record<string, unknown>[]): Promise<void> {
  const { statusCode, body } = await refused({ scripts: { connect } });
  assert.deepEqual({ statusCode, body }, { statusCode: 502, body: internalError });
}
