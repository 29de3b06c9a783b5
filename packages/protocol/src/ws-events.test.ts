import { describe, expect, test } from 'vitest';
import { closeCodes } from './close-codes.ts';
import {
  authorizerEvent,
  connectEvent,
  disconnectEvent,
  messageEvent,
  type ConnectionFacts,
  type Pairs,
} from './ws-events.ts';

const host = 'abcdef1234.execute-api.us-east-1.amazonaws.com';
const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:122.0)';
const firefox: ConnectionFacts = {
  connectionId: 'TXzPWdnOjoECGjA=',
  apiId: 'abcdef1234',
  domainName: host,
  stage: 'production',
  connectedAtMs: 1_708_326_702_116,
  sourceIp: '203.0.113.7',
  userAgent,
};
const { userAgent: _, ...wscat } = firefox;
const request = { requestId: 'TXzPWH1KjoEFc-w=', atMs: 1_708_326_702_118 };

/** The text of a record with one more property. */
function withLast(text: string, value: string): string {
  return text === '{}' ? `{"last":${value}}` : text.replace(/\}$/, `,"last":${value}}`);
}

/** `toEqual` ignores the order of keys; the text does not. */
function expectSame(actual: unknown, expected: unknown): void {
  expect(actual).toEqual(expected);
  expect(JSON.stringify(actual, null, 1)).toBe(JSON.stringify(expected, null, 1));
}

describe('CONNECT', () => {
  const headers: Pairs = [
    ['Accept-Encoding', 'gzip, deflate, br'],
    ['Host', host],
    ['Sec-WebSocket-Key', 'J0dZ=='],
    ['User-Agent', userAgent],
    ['X-Forwarded-For', '203.0.113.7'],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
  const expectedHeaders = {
    headers: {
      'Accept-Encoding': 'gzip, deflate, br',
      Host: host,
      'Sec-WebSocket-Key': 'J0dZ==',
      'User-Agent': userAgent,
      'X-Forwarded-For': '203.0.113.7',
      'X-Forwarded-Port': '443',
      'X-Forwarded-Proto': 'https',
    },
    multiValueHeaders: {
      'Accept-Encoding': ['gzip, deflate, br'],
      Host: [host],
      'Sec-WebSocket-Key': ['J0dZ=='],
      'User-Agent': [userAgent],
      'X-Forwarded-For': ['203.0.113.7'],
      'X-Forwarded-Port': ['443'],
      'X-Forwarded-Proto': ['https'],
    },
  };
  const requestContext = {
    routeKey: '$connect',
    eventType: 'CONNECT',
    extendedRequestId: 'TXzPWH1KjoEFc-w=',
    requestTime: '19/Feb/2024:07:11:42 +0000',
    messageDirection: 'IN',
    stage: 'production',
    connectedAt: 1_708_326_702_116,
    requestTimeEpoch: 1_708_326_702_118,
    identity: { userAgent, sourceIp: '203.0.113.7' },
    requestId: 'TXzPWH1KjoEFc-w=',
    domainName: host,
    connectionId: 'TXzPWdnOjoECGjA=',
    apiId: 'abcdef1234',
  };

  test('T046, T048, T061 without a query, keys in the order of AWS', () => {
    const event = connectEvent(firefox, { ...request, headers, query: [] });
    expectSame(event, { ...expectedHeaders, requestContext, isBase64Encoded: false });
    expect(Object.keys(event)).toEqual(['headers', 'multiValueHeaders', 'requestContext', 'isBase64Encoded']);
  });

  test('T047 with a query', () => {
    const query: Pairs = [
      ['room', 'a'],
      ['room', 'b'],
      ['token', 'x'],
    ];
    expectSame(connectEvent(firefox, { ...request, headers, query }), {
      ...expectedHeaders,
      queryStringParameters: { room: 'b', token: 'x' },
      multiValueQueryStringParameters: { room: ['a', 'b'], token: ['x'] },
      requestContext,
      isBase64Encoded: false,
    });
  });

  test.for([
    { why: 'T049 no user agent', facts: wscat },
    { why: 'T049 user agent undefined', facts: { ...firefox, userAgent: undefined } },
  ])('$why', ({ facts }) => {
    const { identity } = connectEvent(facts, { ...request, headers: [], query: [] }).requestContext;
    expect(Object.keys(identity)).toEqual(['sourceIp']);
  });

  test('an empty user agent is still one', () => {
    const event = connectEvent({ ...firefox, userAgent: '' }, { ...request, headers: [], query: [] });
    expectSame(event.requestContext.identity, { userAgent: '', sourceIp: '203.0.113.7' });
  });

  test.for<{ why: string; pairs: Pairs; last: string; all: string }>([
    { why: 'nothing', pairs: [], last: '{}', all: '{}' },
    {
      why: 'B4 the last of three, all in order',
      pairs: [
        ['a', '1'],
        ['b', ''],
        ['a', '3'],
        ['a', '2'],
      ],
      last: '{"a":"2","b":""}',
      all: '{"a":["1","3","2"],"b":[""]}',
    },
    {
      why: 'another case is another name',
      pairs: [
        ['X-a', '1'],
        ['x-a', '2'],
      ],
      last: '{"X-a":"1","x-a":"2"}',
      all: '{"X-a":["1"],"x-a":["2"]}',
    },
    {
      why: 'names of an object',
      pairs: [
        ['__proto__', '1'],
        ['constructor', '2'],
        ['__proto__', '3'],
        ['toString', '4'],
      ],
      last: '{"__proto__":"3","constructor":"2","toString":"4"}',
      all: '{"__proto__":["1","3"],"constructor":["2"],"toString":["4"]}',
    },
    { why: 'an empty name', pairs: [['', 'x']], last: '{"":"x"}', all: '{"":["x"]}' },
  ])('names and values: $why', ({ pairs, last, all }) => {
    const event = connectEvent(firefox, { ...request, headers: pairs, query: [...pairs, ['last', 'one']] });
    expect(JSON.stringify(event.headers)).toBe(last);
    expect(JSON.stringify(event.multiValueHeaders)).toBe(all);
    expect(JSON.stringify(event.queryStringParameters)).toBe(withLast(last, '"one"'));
    expect(JSON.stringify(event.multiValueQueryStringParameters)).toBe(withLast(all, '["one"]'));
  });
});

describe('MESSAGE', () => {
  const connection: ConnectionFacts = {
    connectionId: 'PJqB0fHsqRcCHlw=',
    apiId: 'abcdef1234',
    domainName: 'abcdef1234.execute-api.ap-northeast-1.amazonaws.com',
    stage: 'production',
    connectedAtMs: 1_701_245_041_796,
    sourceIp: '203.0.113.7',
  };
  const message = {
    routeKey: 'sendMessage',
    messageId: 'PJqCFfHyKRcCHlw=',
    requestId: 'PJqCFEqHqRcFd0w=',
    atMs: 1_701_245_043_417,
    body: '{"action":"sendMessage","data":"hi"}',
  };
  const expected = {
    requestContext: {
      routeKey: 'sendMessage',
      messageId: 'PJqCFfHyKRcCHlw=',
      eventType: 'MESSAGE',
      extendedRequestId: 'PJqCFEqHqRcFd0w=',
      requestTime: '29/Nov/2023:08:04:03 +0000',
      messageDirection: 'IN',
      stage: 'production',
      connectedAt: 1_701_245_041_796,
      requestTimeEpoch: 1_701_245_043_417,
      identity: { sourceIp: '203.0.113.7' },
      requestId: 'PJqCFEqHqRcFd0w=',
      domainName: 'abcdef1234.execute-api.ap-northeast-1.amazonaws.com',
      connectionId: 'PJqB0fHsqRcCHlw=',
      apiId: 'abcdef1234',
    },
    body: '{"action":"sendMessage","data":"hi"}',
    isBase64Encoded: false,
  };

  test('T051, T052, T055, T061 keys in the order of AWS', () => {
    expectSame(messageEvent(connection, message), expected);
  });

  test('T050 with a user agent', () => {
    const event = messageEvent({ ...connection, userAgent }, message);
    const identity = { userAgent, sourceIp: '203.0.113.7' };
    expectSame(event, { ...expected, requestContext: { ...expected.requestContext, identity } });
  });

  test.for([
    { why: 'T070 empty', body: '' },
    { why: 'T065 odd spaces', body: ' { "action" : "x" }\r\n\t' },
    { why: 'quotes', body: '"\'`"' },
    { why: 'backslashes', body: '\\"\\\\' },
    { why: 'what looks like the end', body: '","isBase64Encoded":true}' },
    { why: 'control characters', body: '\u0000\u0001\b\f\u001f\u007f' },
    { why: 'line separators', body: '\u2028\u2029\u0085' },
    { why: 'a high surrogate alone', body: 'a\ud800b' },
    { why: 'a low surrogate alone', body: '\udc00' },
    { why: 'surrogates the wrong way round', body: '\udc00\ud800' },
    { why: 'a pair', body: '\u{1f69c}' },
    { why: 'a byte order mark', body: '\uFEFF{}' },
    { why: '__proto__', body: '{"__proto__":{"isAdmin":true}}' },
    { why: 'what replace() would act on', body: "$& $1 $$ $` $' %s {}" },
    { why: 'a script', body: '</script><!--' },
    { why: '128 KB of quotes', body: '"'.repeat(131_072) },
  ])('body: $why', ({ body }) => {
    expectSame(messageEvent(connection, { ...message, body }), { ...expected, body });
  });

  test('hostile facts stay text', () => {
    const text = '"},"body":"\u2028\\';
    const facts = { ...connection, domainName: text, stage: text, sourceIp: text, userAgent: text };
    const parsed: unknown = JSON.parse(JSON.stringify(messageEvent(facts, { ...message, routeKey: text })));
    const { requestContext } = expected;
    expectSame(parsed, {
      ...expected,
      requestContext: {
        ...requestContext,
        routeKey: text,
        stage: text,
        domainName: text,
        identity: { userAgent: text, sourceIp: text },
      },
    });
  });
});

describe('DISCONNECT', () => {
  test('T053, T061 as AWS has it, keys in order', () => {
    const event = disconnectEvent(
      firefox,
      { requestId: 'TX0thEKWDoEFn3w=', atMs: 1_708_327_306_016 },
      closeCodes.goingAway,
    );
    expectSame(event, {
      headers: { Host: host, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' },
      multiValueHeaders: { Host: [host], 'x-api-key': [''], 'X-Forwarded-For': [''], 'x-restapi': [''] },
      requestContext: {
        routeKey: '$disconnect',
        disconnectStatusCode: 1001,
        eventType: 'DISCONNECT',
        extendedRequestId: 'TX0thEKWDoEFn3w=',
        requestTime: '19/Feb/2024:07:21:46 +0000',
        messageDirection: 'IN',
        disconnectReason: 'Going away',
        stage: 'production',
        connectedAt: 1_708_326_702_116,
        requestTimeEpoch: 1_708_327_306_016,
        identity: { userAgent, sourceIp: '203.0.113.7' },
        requestId: 'TX0thEKWDoEFn3w=',
        domainName: host,
        connectionId: 'TXzPWdnOjoECGjA=',
        apiId: 'abcdef1234',
      },
      isBase64Encoded: false,
    });
    expect('body' in event).toBe(false);
  });

  test.for([
    { why: 'no code', code: 1005, reason: 'Client-side close frame status not set' },
    { why: "a client's own", code: 4001, reason: 'bye "\u2028' },
    { why: 'no reason', code: 1006, reason: '' },
  ])('$why', ({ code, reason }) => {
    const { requestContext } = disconnectEvent(wscat, request, { code, reason });
    expect(requestContext).toMatchObject({ disconnectStatusCode: code, disconnectReason: reason });
    expect(Object.keys(requestContext.identity)).toEqual(['sourceIp']);
  });
});

const color = { color: 'blue', '"': '\u2028' };
const said = { tier: '1', ['__proto__']: 'x', principalId: 'me "', integrationLatency: 12 };
const both = { ...firefox, stageVariables: color, authorizer: said };

describe('what the stage and the authorizer add', () => {
  const message = { ...request, routeKey: 'join', messageId: 'PJqCFfHyKRcCHlw=', body: 'hi' };
  const events = {
    connect: (facts: ConnectionFacts) => connectEvent(facts, { ...request, headers: [], query: [['a', '1']] }),
    message: (facts: ConnectionFacts) => messageEvent(facts, message),
    disconnect: (facts: ConnectionFacts) => disconnectEvent(facts, request, closeCodes.goingAway),
  };

  test.for([
    { type: 'connect', above: 'multiValueQueryStringParameters', before: 'routeKey' },
    { type: 'message', above: undefined, before: 'messageId' },
    { type: 'disconnect', above: 'multiValueHeaders', before: 'disconnectStatusCode' },
  ] as const)('T060, T133, B24 in $type', ({ type, above, before }) => {
    const event = events[type](both);
    const keys = Object.keys(event);
    expect(event.stageVariables).toEqual(color);
    expect(keys[keys.indexOf('stageVariables') - 1]).toBe(above);
    expect(keys[keys.indexOf('stageVariables') + 1]).toBe('requestContext');
    const context = Object.keys(event.requestContext);
    expect(JSON.stringify(event.requestContext.authorizer)).toBe(JSON.stringify(said));
    expect(context[context.indexOf('authorizer') - 1]).toBe(before);
    expect(context[context.indexOf('authorizer') + 1]).toBe('eventType');
  });

  test.for(['connect', 'message', 'disconnect'] as const)('T061 nothing to %s without them', (type) => {
    const event = events[type]({ ...firefox, stageVariables: undefined, authorizer: undefined });
    expect('stageVariables' in event).toBe(false);
    expect('authorizer' in event.requestContext).toBe(false);
  });

  test('the text of a message is that of its parts', () => {
    const text = JSON.stringify(messageEvent(both, message));
    expect(JSON.stringify(JSON.parse(text))).toBe(text);
  });
});

describe('an authorizer', () => {
  const methodArn = 'arn:aws:execute-api:us-east-1:123456789012:abcdef1234/production/$connect';
  const headers: Pairs = [
    ['Connection', 'upgrade'],
    ['Host', host],
    ['X-A', '1'],
    ['X-A', '2'],
  ];

  test('G3, G4, T144 gets everything, keys in the order of AWS', () => {
    expectSame(authorizerEvent(wscat, { ...request, methodArn, headers, query: [] }), {
      type: 'REQUEST',
      methodArn,
      headers: { Connection: 'upgrade', Host: host, 'X-A': '2' },
      multiValueHeaders: { Connection: ['upgrade'], Host: [host], 'X-A': ['1', '2'] },
      queryStringParameters: {},
      multiValueQueryStringParameters: {},
      stageVariables: {},
      requestContext: connectEvent(wscat, { ...request, headers, query: [] }).requestContext,
    });
  });

  test('G3 with a query and stage variables', () => {
    const query: Pairs = [
      ['token', 'a'],
      ['token', 'b'],
    ];
    expect(
      authorizerEvent({ ...wscat, stageVariables: color }, { ...request, methodArn, headers, query }),
    ).toMatchObject({
      queryStringParameters: { token: 'b' },
      multiValueQueryStringParameters: { token: ['a', 'b'] },
      stageVariables: color,
    });
  });
});
