import type { Outcome, WsAuthorizerEvent, WsConnectEvent, WsDisconnectEvent, WsMessageEvent } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { createMovableClock } from '../../../test/support/movable-clock.ts';
import {
  deferred,
  eventually,
  failed,
  ok,
  openTestGateway,
  policy,
  refusal,
  returned,
  wsRoutes,
  type Setup,
} from './open-gateway.ts';

const authorizer = { functionName: 'authorizer', identitySources: ['route.request.querystring.token'] };

/** An app that asks for a token. */
const openSite = ({ routes, ...setup }: Setup = {}) =>
  openTestGateway({ routes: { authorizer, ...routes }, handlers: { authorizer: () => policy('Allow') }, ...setup });

const url = (site: { readonly wsUrl: string }) => `${site.wsUrl}?token=x`;
const names = (site: { readonly calls: readonly { readonly functionName: string }[] }) =>
  site.calls.map(({ functionName }) => functionName);

describe('a client that is allowed', () => {
  test('G11, T133, T141, B24 is known in all three events', async () => {
    await using site = await openSite({
      handlers: { authorizer: () => policy('Allow', { context: { n: 1, b: true } }) },
    });
    using client = await site.connect('/testing?token=x');
    client.socket.send('x');
    await eventually(() => site.eventsOf('default').length).toBe(1);
    client.socket.close(1000);
    await eventually(() => site.eventsOf('disconnect').length).toBe(1);
    for (const [name, before] of [
      ['connect', 'routeKey'],
      ['default', 'messageId'],
      ['disconnect', 'disconnectStatusCode'],
    ] as const) {
      const [event] = site.eventsOf<WsConnectEvent | WsMessageEvent | WsDisconnectEvent>(name);
      expect(event?.requestContext.authorizer).toEqual({
        n: '1',
        b: 'true',
        principalId: 'me',
        integrationLatency: expect.any(Number),
      });
      const keys = Object.keys(event?.requestContext ?? {});
      expect(keys.slice(keys.indexOf('authorizer') - 1, keys.indexOf('authorizer') + 2)).toEqual([
        before,
        'authorizer',
        'eventType',
      ]);
    }
    expect(site.events.find(({ type }) => type === 'connect')).toMatchObject({
      statusCode: 101,
      authorizer: { result: { principalId: 'me' }, failure: undefined },
      result: { statusCode: 200 },
    });
  });

  test('G3, T144, T064 is shown to the authorizer as to connect, with the hop', async () => {
    const stageVariables = { color: 'blue' };
    await using site = await openSite({ routes: { stageVariables }, options: { accountId: '111122223333' } });
    using client = await site.connect('/testing?token=a&token=b', [], { headers: { 'user-agent': 'me', 'X-A': '1' } });
    await client.pong();
    const [asked] = site.eventsOf<WsAuthorizerEvent & WsConnectEvent>('authorizer');
    const [connected] = site.eventsOf<WsConnectEvent>('connect');
    expect(Object.keys(asked ?? {})).toEqual([
      'type',
      'methodArn',
      'headers',
      'multiValueHeaders',
      'queryStringParameters',
      'multiValueQueryStringParameters',
      'stageVariables',
      'requestContext',
    ]);
    const { authorizer: _said, ...requestContext } = connected!.requestContext;
    const { headers } = connected!;
    expect(asked).toMatchObject({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-west-2:111122223333:abcdef1234/testing/$connect',
      queryStringParameters: { token: 'b' },
      multiValueQueryStringParameters: { token: ['a', 'b'] },
      stageVariables,
    });
    expect(asked!.requestContext).toEqual(requestContext);
    expect(asked!.headers).toEqual({ ...headers, Connection: 'upgrade', 'content-length': '0', Upgrade: 'websocket' });
    expect(connected!.stageVariables).toEqual(stageVariables);
  });

  test('G12, T143 is asked about at every handshake', async () => {
    await using site = await openSite();
    using first = await site.connect('/testing?token=x');
    using second = await site.connect('/testing?token=x');
    await Promise.all([first.pong(), second.pong()]);
    expect(names(site)).toEqual(['authorizer', 'connect', 'authorizer', 'connect']);
  });

  test('A3 needs no connect function', async () => {
    await using site = await openSite({ routeKeys: ['$default'] });
    using client = await site.connect('/testing?token=x');
    client.socket.send('x');
    await eventually(() => names(site)).toEqual(['authorizer', 'default']);
  });

  test('A17 has no connection while it is asked about', async () => {
    const answers: unknown[] = [];
    await using site = await openSite({
      handlers: {
        authorizer: ({ requestContext: { connectionId } }, gateway) => {
          answers.push(gateway.manage({ type: 'info', connectionId }));
          return policy('Allow');
        },
      },
    });
    using client = await site.connect('/testing?token=x');
    await client.pong();
    expect(answers).toEqual([{ type: 'refused', refusal: 'gone' }]);
  });

  test('G14 stays when the authorizer is changed', async () => {
    await using site = await openSite();
    using client = await site.connect('/testing?token=x');
    const routes = { ws: wsRoutes(['$default', 'join']), http: [], staticFolder: undefined };
    site.gateway.setRoutes({ ...routes, authorizer: { functionName: 'stricter', identitySources: [] } });
    client.socket.send('x');
    await eventually(() => site.eventsOf<WsMessageEvent>('default').length).toBe(1);
    expect(site.eventsOf<WsMessageEvent>('default')[0]?.requestContext.authorizer).toMatchObject({ principalId: 'me' });
    expect((await refusal(url(site))).statusCode).toBe(500);
    site.gateway.setRoutes(routes);
    using other = await site.connect();
    other.socket.send('x');
    await eventually(() => site.eventsOf<WsMessageEvent>('default').length).toBe(2);
    expect(site.eventsOf<WsMessageEvent>('default')[1]?.requestContext).not.toHaveProperty('authorizer');
  });
});

describe('a client that is not', () => {
  test.for([
    { why: 'T134 without its token', query: '' },
    { why: 'T134 with another', query: '?other=x' },
    { why: 'T135 with an empty one', query: '?token=' },
  ])('G5 $why gets 401, and nobody is asked', async ({ query }) => {
    await using site = await openSite();
    const answer = await refusal(site.wsUrl + query);
    expect(answer).toMatchObject({ statusCode: 401, body: '{"message":"Unauthorized"}' });
    expect(site.calls).toEqual([]);
    expect(site.events.at(-1)).toMatchObject({ type: 'connect', statusCode: 401, authorizer: undefined });
  });

  const arn = 'arn:aws:execute-api:us-west-2:123456789012:abcdef1234/testing';
  test.for<{ why: string; outcome: Outcome; statusCode: number; message: string }>([
    { why: 'G8, T136 a Deny', outcome: policy('Deny'), statusCode: 403, message: 'Forbidden' },
    {
      why: 'G7, T140 another ARN',
      outcome: policy('Allow', {}, `${arn}/other`),
      statusCode: 403,
      message: 'Forbidden',
    },
    {
      why: 'G9, T137 Unauthorized',
      outcome: { type: 'failed', failure: { errorType: 'Error', errorMessage: 'Unauthorized', trace: [] } },
      statusCode: 401,
      message: 'Unauthorized',
    },
    { why: 'G10, T138 another error', outcome: failed, statusCode: 500, message: 'Internal server error' },
    {
      why: 'G10, T139 a status',
      outcome: returned({ statusCode: 401 }),
      statusCode: 500,
      message: 'Internal server error',
    },
    {
      why: 'G10, T142 an object in its context',
      outcome: policy('Allow', { context: { a: {} } }),
      statusCode: 500,
      message: 'Internal server error',
    },
    {
      why: 'G22 a function that may not run',
      outcome: { type: 'refused', reason: 'busy' },
      statusCode: 500,
      message: 'Internal server error',
    },
  ])('$why gives $statusCode', async ({ outcome, statusCode, message }) => {
    await using site = await openSite({ handlers: { authorizer: () => outcome } });
    const answer = await refusal(url(site));
    expect(answer.statusCode).toBe(statusCode);
    expect(JSON.parse(answer.body)).toEqual({ message });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', connection: 'close' });
    expect(names(site)).toEqual(['authorizer']);
    expect(site.events.at(-1)).toMatchObject({ type: 'connect', statusCode, authorizer: expect.anything() });
    await site.gateway.close();
    expect(names(site)).toEqual(['authorizer']);
  });

  test('G10 gives 500 when the authorizer gives no answer', async () => {
    const clock = createMovableClock();
    const asking = deferred<Outcome>();
    await using site = await openSite({ handlers: { authorizer: () => asking.promise }, options: { clock } });
    const refused = refusal(url(site));
    await eventually(() => names(site)).toEqual(['authorizer']);
    clock.advance(29_000);
    expect((await refused).statusCode).toBe(500);
    asking.resolve(policy('Allow'));
    expect(site.events.at(-1)).toMatchObject({
      authorizer: { failure: { errorMessage: 'No result within 29 seconds; the function runs on.' } },
    });
  });
});

test('G2 the throttle counts only whom the authorizer let through', async () => {
  await using site = await openSite({
    routes: {
      ws: [{ routeKey: '$connect', functionName: 'connect', throttle: { ratePerSecond: 0.001, burst: 1 } }],
    },
    handlers: {
      authorizer: ({ queryStringParameters: { token } }) => policy(token === 'good' ? 'Allow' : 'Deny'),
    },
  });
  const refused = async (token: string) => (await refusal(`${site.wsUrl}?token=${token}`)).statusCode;
  const before = [await refused('bad'), await refused('bad'), await refused('')];
  using client = await site.connect('/testing?token=good');
  await client.pong();
  expect([...before, await refused('good'), await refused('bad')]).toEqual([403, 403, 401, 429, 403]);
  expect(names(site)).toEqual(['authorizer', 'authorizer', 'authorizer', 'connect', 'authorizer', 'authorizer']);
});

test('G19, T147 a function may refuse other origins', async () => {
  await using site = await openTestGateway({
    handlers: {
      connect: ({ headers }: WsConnectEvent) =>
        headers['Origin'] === 'https://example.com' ? ok : returned({ statusCode: 403 }),
    },
  });
  using client = await site.connect('/testing', [], { origin: 'https://example.com' });
  await client.pong();
  expect((await refusal(site.wsUrl, { origin: 'https://evil.com' })).statusCode).toBe(403);
});
