import assert from 'node:assert/strict';
import type { Row } from '../row.ts';
import { guide, lambdaGuide, observed, ours } from './sources.ts';

/** Handshakes: T001 to T028. */
export const connectRows: readonly Row[] = [
  {
    id: 'T001',
    rule: 'An app without a connect function lets everybody in, and runs nothing.',
    source: guide('apigateway-websocket-api-route-keys-connect-disconnect'),
    variant: 'bare',
    async run({ connect }) {
      const client = await connect();
      assert.equal((await client.askEvent()).requestContext.routeKey, '$default');
    },
  },
  {
    id: 'T012',
    rule: 'A connect function that throws gives 502.',
    source: lambdaGuide('services-apigateway-errors'),
    async run({ refused }) {
      const { statusCode, body } = await refused({ scripts: { connect: [{ throw: 'boom' }] } });
      assert.deepEqual({ statusCode, body }, { statusCode: 502, body: '{"message": "Internal server error"}' });
    },
  },
  {
    id: 'T020',
    rule: 'Lambda is asked once: a connect function that throws is not run again.',
    source: lambdaGuide('services-apigateway-errors'),
    async run({ observer, refused, quiet }) {
      const { id, messages } = await observer();
      await refused({ scripts: { connect: [{ tell: id }, { throw: 'boom' }] } });
      await quiet();
      assert.equal(messages.length, 1);
    },
  },
  {
    id: 'T005',
    rule: 'Every status from 200 to 299 opens the connection.',
    source: ours,
    isOurChoice: true,
    async run({ connect }) {
      for (const statusCode of [202, 204, 299]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await connect({ scripts: { connect: [{ return: { statusCode } }] } });
      }
    },
  },
  {
    id: 'T010',
    rule: 'Status 501 of the connect function is the status of the handshake.',
    source: observed('2021-12', 'status codes against outcomes, with wscat'),
    async run({ refused }) {
      const { statusCode } = await refused({ scripts: { connect: [{ return: { statusCode: 501 } }] } });
      assert.equal(statusCode, 501);
    },
  },
];
