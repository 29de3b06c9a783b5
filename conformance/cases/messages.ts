import assert from 'node:assert/strict';
import { frame } from '../../test/support/raw-frames.ts';
import type { Script } from '../client/client.ts';
import type { Kit } from '../kit.ts';
import type { Row } from '../row.ts';
import { until } from '../../test/support/until.ts';
import { assertErrorFrame } from './error-frame.ts';
import { guide, issue, observed, ours } from './sources.ts';

const internal = 'Internal server error';
const outcomes = observed('2021-12', 'status codes against outcomes, with wscat');
const routeResponses = guide('apigateway-websocket-api-route-response');
const textOpcode = 0x1;

/** Longer than an environment takes to start. */
const slowMs = 2500;

/** Plays a script that ends badly, and expects the frame of an internal error and an open connection. */
async function expectInternalError({ observer }: Kit, script: Script, action = 'join'): Promise<void> {
  const client = await observer();
  client.play(script, action);
  assertErrorFrame(await client.next(), internal, client.id);
  assert.equal(await client.askId(), client.id);
}

/** Plays a script that a witness sees, and expects that its result is sent to nobody and ends nothing. */
async function expectNothing({ observer, quiet }: Kit, result: object): Promise<void> {
  const witness = await observer();
  const client = await observer();
  client.play([{ tell: witness.id }, { return: result }]);
  await witness.next();
  await quiet();
  assert.deepEqual(client.messages, []);
  assert.equal(await client.askId(), client.id);
}

async function twoWay({ connect }: Kit, result: object): Promise<string> {
  const client = await connect();
  client.play([{ return: result }], 'two-way');
  return client.next();
}

/** What comes back of a message: T080 to T097, T126, T127. */
export const messageRows: readonly Row[] = [
  {
    id: 'T080',
    rule: 'A function that throws gives its client the frame of an internal error; the connection stays open.',
    source: outcomes,
    run: (kit) => expectInternalError(kit, [{ throw: 'boom' }]),
  },
  {
    id: 'T081',
    rule: 'A result with keys that API Gateway does not know gives the frame of an internal error.',
    source: issue('middyjs/middy', 1219),
    run: (kit) => expectInternalError(kit, [{ return: { ConnectionId: 'x', Data: 'x', statusCode: 200 } }]),
  },
  {
    id: 'T082',
    rule: 'No result at all, and null, give the frame of an internal error.',
    source: issue('michalkvasnicak/aws-lambda-graphql', 48),
    async run(kit) {
      await expectInternalError(kit, [{ returnNothing: true }]);
      await expectInternalError(kit, [{ return: null }]);
    },
  },
  {
    id: 'T083',
    rule: 'A function that Lambda refuses to run gives its client the frame of an internal error.',
    source: issue('aws/aws-cdk', 38_148),
    async run(kit) {
      const witness = await kit.observer();
      await expectInternalError(kit, [{ tell: witness.id }], 'refused');
      await kit.quiet();
      assert.deepEqual(witness.messages, []);
    },
  },
  {
    id: 'T084',
    rule: 'The requestId of an error frame is that of the event that failed.',
    source: outcomes,
    async run({ observer }) {
      const witness = await observer();
      const client = await observer();
      client.play([{ tell: witness.id }, { throw: 'boom' }]);
      const requestId = assertErrorFrame(await client.next(), internal, client.id);
      assert.equal(requestId, (await witness.nextJson()).event.requestContext.requestId);
    },
  },
  {
    id: 'T085',
    rule: 'A function that takes more than 29 seconds gives its client the frame of a timeout, and runs on: what it sends later arrives.',
    source: issue('Kludex/mangum', 128),
    needs: ['clock'],
    async run({ observer, advance }) {
      const client = await observer();
      // The function waits in its own time, and is still busy when the clock has moved.
      client.play([{ tell: 'self' }, { sleep: 2000 }, { post: { late: true } }]);
      const { requestContext } = (await client.nextJson()).event;
      await advance(29_000);
      const requestId = assertErrorFrame(await client.next(), 'Endpoint request timed out', client.id);
      assert.equal(requestId, requestContext.requestId);
      assert.deepEqual(await client.nextJson(), { late: true });
    },
  },
  {
    id: 'T086',
    rule: 'The status of a result changes nothing for the connection, and nothing is sent.',
    source: outcomes,
    async run(kit) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      for (const statusCode of [201, 301, 401, 500, 501]) await expectNothing(kit, { statusCode });
    },
  },
  {
    id: 'T087',
    rule: 'The body of a result is sent to nobody where the route is one-way.',
    source: routeResponses,
    run: (kit) => expectNothing(kit, { statusCode: 200, body: 'hello' }),
  },
  {
    id: 'T088',
    rule: 'On a two-way route the body of a result is sent as one text, to the byte.',
    source: routeResponses,
    async run(kit) {
      assert.equal(await twoWay(kit, { statusCode: 200, body: 'hello' }), 'hello');
      assert.equal(await twoWay(kit, { statusCode: 200, body: ' {"a" : 1}\n😀' }), ' {"a" : 1}\n😀');
    },
  },
  {
    id: 'T089',
    rule: 'A route that does not select a route response sends nothing, though its neighbour in the same app is two-way.',
    source: routeResponses,
    async run({ observer, quiet }) {
      const client = await observer();
      client.play([{ return: { statusCode: 200, body: 'two-way' } }], 'two-way');
      assert.equal(await client.next(), 'two-way');
      for (const action of ['join', 'zzz']) client.play([{ return: { statusCode: 200, body: action } }], action);
      await quiet();
      assert.deepEqual(client.messages, []);
    },
  },
  {
    id: 'T090',
    rule: 'On a two-way route a result without a body sends an empty text.',
    source: issue('serverless/serverless', 6816),
    async run(kit) {
      assert.equal(await twoWay(kit, { statusCode: 200 }), '');
    },
  },
  {
    id: 'T091',
    rule: 'On a two-way route the body is sent whatever the status is.',
    source: issue('yai333/React-Chat-App-using-AWS-API-Gateway-Websocket-and-Serverless-Framework', 2),
    async run(kit) {
      assert.equal(await twoWay(kit, { statusCode: 500, body: 'e' }), 'e');
    },
  },
  {
    id: 'T092',
    rule: 'The body of what a connect function returns is sent to nobody: its route is never two-way.',
    source: ours,
    isOurChoice: true,
    async run({ connect, quiet }) {
      const result = { statusCode: 200, body: 'hello' };
      const client = await connect({ scripts: { connect: [{ return: result }] } });
      await quiet();
      assert.deepEqual(client.messages, []);
      assert.equal((await client.askEvent()).requestContext.eventType, 'MESSAGE');
    },
  },
  {
    id: 'T094',
    rule: 'Whatever a client is sent is text: what functions and others send, what a two-way route returns, errors.',
    source: issue('localstack/localstack', 13_219),
    async run({ raw, manage }) {
      const client = await raw();
      const play = (action: string, script: Script) =>
        client.write(frame(textOpcode, JSON.stringify({ action, script })));
      const id = await client.askId();
      play('join', [{ throw: 'boom' }]);
      await client.untilFrames(2);
      await manage('POST', id, Buffer.from('bytes'));
      await client.untilFrames(3);
      play('two-way', [{ return: { statusCode: 200, body: 'hello' } }]);
      const frames = await client.untilFrames(4);
      assert.deepEqual(
        frames.map(({ first, isMasked }) => ({ first, isMasked })),
        Array.from({ length: 4 }, () => ({ first: 0x80 | textOpcode, isMasked: false })),
      );
    },
  },
  {
    id: 'T096',
    rule: 'Answers come as functions send them, not in the order of the messages.',
    source: guide('apigateway-websocket-api-routes-integrations'),
    async run({ observer }) {
      const client = await observer();
      client.play([{ sleep: slowMs }, { post: { is: 'slow' } }]);
      client.play([{ post: { is: 'fast' } }]);
      assert.deepEqual(await client.nextJson(), { is: 'fast' });
      assert.deepEqual(await client.nextJson(), { is: 'slow' });
    },
  },
  {
    id: 'T097',
    rule: 'A message that its model does not allow is answered with the frame of a bad request body.',
    source: guide('websocket-api-request-validation'),
    leftOut: 'Functions get every message; models and their validation are not offered',
  },
  {
    id: 'T126',
    rule: 'Messages of one connection are handled at the same time: the second does not wait until the first is done.',
    source: ours,
    isOurChoice: true,
    async run({ observer }) {
      const client = await observer();
      client.play([{ tell: 'self' }, { sleep: slowMs }, { post: { is: 'the end of the first' } }]);
      client.play([{ tell: 'self' }]);
      const told = [await client.nextJson(), await client.nextJson()];
      const byLength = told.map(({ event }) => event).toSorted((a, b) => b.body.length - a.body.length);
      const [first, second] = byLength.map(({ requestContext }) => requestContext.requestTimeEpoch);
      assert.ok(first <= second, `${first} <= ${second}`);
      assert.deepEqual(await client.nextJson(), { is: 'the end of the first' });
    },
  },
  {
    id: 'T127',
    rule: 'Of messages that come faster than the throttle of their route, some run nothing: the frame of too many requests comes, or the connection ends with 1008.',
    source: guide('websocket-api-protect'),
    variant: 'throttled',
    async run(kit) {
      await kit.pass(3000);
      const client = await kit.observer();
      await kit.pass(3000);
      const sent = 20;
      for (let count = 0; count < sent; count += 1) client.play([{ tell: 'self' }]);
      await until(() => client.messages.length === sent || !client.isOpen(), `${sent} answers, or the end`);
      if (!client.isOpen()) assert.equal((await client.closed).code, 1008);
      const throttled = client.messages.filter((text) => !text.includes('"event"'));
      for (const text of throttled) assertErrorFrame(text, 'Too Many Requests', client.id);
      assert.ok(client.messages.length - throttled.length < sent, `${throttled.length} of ${sent} were throttled`);
    },
  },
];
