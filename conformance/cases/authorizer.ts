import assert from 'node:assert/strict';
import type { Client, Script, Scripts } from '../client/client.ts';
import type { Kit } from '../kit.ts';
import type { Row } from '../row.ts';
import { guide, issue, ours } from './sources.ts';

const authorizers = guide('apigateway-websocket-api-lambda-auth');
const gatewayResponses = guide('supported-gateway-response-types');
const iam = guide('apigateway-websocket-control-access-iam');
/** What this variant's authorizer wants to see before it is asked. */
const query = 'token=x';

/** Lambda authorizers: T133 to T146. */
export const authorizerRows: readonly Row[] = [
  {
    id: 'T133',
    rule: 'A client that the authorizer allows comes in, and all three kinds of event say who the authorizer says it is.',
    source: issue('boto/boto3', 3789),
    variant: 'authorizer',
    async run(kit) {
      const watcher = await kit.observer({ query });
      const tell = [{ tell: watcher.id }];
      const client = await kit.connect({ query, scripts: { connect: tell, disconnect: tell } });
      await saysWho(watcher, 'CONNECT');
      client.play(tell);
      await saysWho(watcher, 'MESSAGE');
      client.socket.close(1000);
      await saysWho(watcher, 'DISCONNECT');
    },
  },
  {
    id: 'T134',
    rule: 'A client without the token that the authorizer goes by gets 401, and the authorizer is not asked.',
    source: authorizers,
    variant: 'authorizer',
    run: (kit) => refusedUnasked(kit, 'other=x'),
  },
  {
    id: 'T135',
    rule: 'A client whose token is empty gets 401, and the authorizer is not asked.',
    source: authorizers,
    variant: 'authorizer',
    run: (kit) => refusedUnasked(kit, 'token='),
  },
  {
    id: 'T136',
    rule: 'A client that the authorizer denies gets 403, and connect does not run.',
    source: gatewayResponses,
    variant: 'authorizer',
    async run(kit) {
      const watcher = await kit.observer({ query });
      const scripts = { authorizer: [{ policy: { effect: 'Deny' } }], connect: [{ tell: watcher.id }] };
      assert.equal((await kit.refused({ query, scripts })).statusCode, 403);
      await kit.quiet();
      assert.deepEqual(watcher.messages, []);
    },
  },
  {
    id: 'T137',
    rule: 'An authorizer that throws "Unauthorized" gives 401.',
    source: authorizers,
    variant: 'authorizer',
    run: (kit) => refusedWith(kit, 401, [{ throw: 'Unauthorized' }]),
  },
  {
    id: 'T138',
    rule: 'An authorizer that throws anything else gives 500; "unauthorized" is something else.',
    source: gatewayResponses,
    variant: 'authorizer',
    async run(kit) {
      await refusedWith(kit, 500, [{ throw: 'boom' }]);
      await refusedWith(kit, 500, [{ throw: 'unauthorized' }]);
    },
  },
  {
    id: 'T139',
    rule: 'An authorizer that returns a status instead of a policy gives 500.',
    source: issue('serverless/examples', 557),
    variant: 'authorizer',
    run: (kit) => refusedWith(kit, 500, [{ return: { statusCode: 401 } }]),
  },
  {
    id: 'T140',
    rule: 'A policy that allows something else than this connect route gives 403: a method in the ARN, as REST APIs have it.',
    source: issue('aws-powertools/powertools-lambda-python', 5800),
    variant: 'authorizer',
    async run(kit) {
      await refusedWith(kit, 403, allow('arn:aws:execute-api:*:*:*/*/GET/$connect'));
      await kit.connect({ query, scripts: { authorizer: allow('arn:aws:execute-api:*:*:*/*/$connect') } });
    },
  },
  {
    id: 'T141',
    rule: 'Numbers and booleans in the context of an authorizer are texts in the events.',
    source: ours,
    isOurChoice: true,
    variant: 'authorizer',
    async run({ connect }) {
      const policy = { effect: 'Allow', context: { n: 1, b: true } };
      const client = await connect({ query, scripts: { authorizer: [{ policy }] } });
      const { n, b } = (await client.askEvent()).requestContext.authorizer;
      assert.deepEqual({ n, b }, { n: '1', b: 'true' });
    },
  },
  {
    id: 'T142',
    rule: 'An authorizer whose context has an object or a list in it gives 500.',
    source: gatewayResponses,
    variant: 'authorizer',
    async run(kit) {
      for (const value of [{ a: 1 }, [1]]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await refusedWith(kit, 500, [{ policy: { effect: 'Allow', context: { value } } }]);
      }
    },
  },
  {
    id: 'T143',
    rule: 'The authorizer is asked at every handshake, although the token is the same.',
    source: 'https://github.com/boto/botocore/tree/1.43.107/botocore/data/apigatewayv2/2018-11-29',
    variant: 'authorizer',
    async run({ observer, connect, quiet }) {
      const watcher = await observer({ query });
      const scripts = { authorizer: [{ tell: watcher.id }] };
      await connect({ query, scripts });
      await connect({ query, scripts });
      await quiet();
      assert.equal(watcher.messages.length, 2);
    },
  },
  {
    id: 'T144',
    rule: 'An authorizer gets the handshake whole, and the ARN of the connect route.',
    source: authorizers,
    variant: 'authorizer',
    async run({ observer, connect }) {
      const watcher = await observer({ query });
      await connect({ query, scripts: { authorizer: [{ tell: watcher.id }] } });
      const { event } = await watcher.nextJson();
      assert.deepEqual(Object.keys(event).toSorted(), keysOfAuthorizerEvents);
      const { apiId, stage, routeKey, eventType } = event.requestContext;
      const arn = /^arn:aws[a-z-]*:execute-api:[a-z]+-[a-z-]+-\d:\d{12}:(.*)$/.exec(event.methodArn);
      assert.equal(arn?.[1], `${apiId}/${stage}/$connect`);
      const { queryStringParameters, multiValueQueryStringParameters, stageVariables, type } = event;
      assert.deepEqual(
        { queryStringParameters, multiValueQueryStringParameters, stageVariables, type, routeKey, eventType },
        {
          queryStringParameters: { token: 'x' },
          multiValueQueryStringParameters: { token: ['x'] },
          stageVariables: {},
          type: 'REQUEST',
          routeKey: '$connect',
          eventType: 'CONNECT',
        },
      );
    },
  },
  {
    id: 'T145',
    rule: 'A connect route with IAM authorization gives 403 to a handshake that is not signed.',
    source: iam,
    leftOut: 'apps have no IAM authorization; an authorizer can do what it does',
  },
  {
    id: 'T146',
    rule: 'A connect route with IAM authorization takes a handshake whose query is signed.',
    source: iam,
    leftOut: 'apps have no IAM authorization; an authorizer can do what it does',
  },
];

const keysOfAuthorizerEvents = [
  'headers',
  'methodArn',
  'multiValueHeaders',
  'multiValueQueryStringParameters',
  'queryStringParameters',
  'requestContext',
  'stageVariables',
  'type',
];

async function saysWho(watcher: Client, expectedType: string): Promise<void> {
  const { eventType, authorizer } = (await watcher.nextJson()).event.requestContext;
  assert.deepEqual([eventType, authorizer?.principalId], [expectedType, 'somebody']);
  assert.equal(typeof authorizer.integrationLatency, 'number');
}

function allow(resource: string): Script {
  return [{ policy: { effect: 'Allow', resource } }];
}

async function refusedWith({ refused }: Kit, statusCode: number, authorizer: Script): Promise<void> {
  assert.equal((await refused({ query, scripts: { authorizer } })).statusCode, statusCode);
}

/** Neither function is asked. */
async function refusedUnasked(kit: Kit, otherQuery: string): Promise<void> {
  const watcher = await kit.observer({ query });
  const tell = [{ tell: watcher.id }];
  const scripts: Scripts = { authorizer: tell, connect: tell };
  assert.equal((await kit.refused({ query: otherQuery, scripts })).statusCode, 401);
  await kit.quiet();
  assert.deepEqual(watcher.messages, []);
}
