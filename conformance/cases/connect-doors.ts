import assert from 'node:assert/strict';
import type { Kit } from '../kit.ts';
import type { Row } from '../row.ts';
import { guide, issue, observed } from './sources.ts';

const unknownStage = issue('hashicorp/terraform-provider-aws', 17_955);

/** Who is turned away before a connect function is asked, and who by it: T040 to T045, T147. */
export const connectDoorRows: readonly Row[] = [
  {
    id: 'T040',
    rule: 'A request to the stage that is no handshake is answered 426.',
    source: 'https://github.com/dherault/serverless-offline/tree/d243b3e/tests/manual/websocket/main',
    async run({ stage, request }) {
      const { statusCode } = await request({ path: new URL(stage.managementUrl).pathname });
      assert.equal(statusCode, 426);
    },
  },
  {
    id: 'T041',
    rule: 'A handshake with a stage that is not there gives 403.',
    source: unknownStage,
    async run({ refused }) {
      const { statusCode, body } = await refused({ path: '/nowhere' });
      assert.deepEqual({ statusCode, body }, { statusCode: 403, body: '{"message":"Forbidden"}' });
    },
  },
  {
    id: 'T042',
    rule: 'A handshake with a stage that was never deployed gives 403.',
    source: unknownStage,
    leftOut: 'every deploy makes the deployment of its stage',
  },
  {
    id: 'T043',
    rule: 'Of ten clients that come at once, a connect route that takes one a second refuses some, with 429.',
    source: issue('serverlessunicorn/ServerlessNetworkingClients', 3),
    variant: 'throttled',
    async run(kit) {
      const statusCodes = await Promise.all(Array.from({ length: 10 }, () => statusCodeOf(kit)));
      assert.deepEqual(new Set(statusCodes), new Set([101, 429]));
    },
  },
  {
    id: 'T044',
    rule: 'A stage whose throttle is 0 refuses every client with 429.',
    source: issue('terraform-aws-modules/terraform-aws-apigateway-v2', 8),
    variant: 'stopped',
    async run({ refused }) {
      assert.equal((await refused()).statusCode, 429);
    },
  },
  {
    id: 'T045',
    rule: 'A connect route that wants an API key gives 403 to a client without one.',
    source: guide('supported-gateway-response-types'),
    leftOut: 'apps have no API keys; an authorizer can ask for one',
  },
  {
    id: 'T147',
    rule: 'Any page may connect: a connect function that checks the Origin itself refuses a foreign one.',
    source: observed('2024-02', 'captured events of Firefox, and the function that got them'),
    async run({ connect, refused }) {
      const scripts = { connect: [{ origin: 'https://good.example' }] };
      const { statusCode } = await refused({ headers: { Origin: 'https://evil.example' }, scripts });
      assert.equal(statusCode, 403);
      await connect({ headers: { Origin: 'https://good.example' }, scripts });
      // Without such a function nobody is asked where they come from.
      await connect({ headers: { Origin: 'https://evil.example' } });
    },
  },
];

/** The status that a handshake is answered with. */
async function statusCodeOf({ raw }: Kit): Promise<number> {
  const head = (await raw()).head;
  return Number(head.split(' ')[1]);
}
