import { createServer } from 'node:http';
import { once } from 'node:events';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ws, type ServiceError } from '../src/index.ts';
import { credentials, openAwsEndpoint, region, type Reply } from './aws-endpoint.ts';

const id = 'AAAAAAAAAAAAAAA=';
const path = '/staging/@connections/AAAAAAAAAAAAAAA%3D';
const ok: Reply = { statusCode: 200 };
const connectionInfo =
  '{"connectedAt":"2026-11-23T15:30:00.000Z","identity":{"sourceIp":"1.2.3.4","userAgent":"Firefox"},"lastActiveAt":"2026-11-23T15:31:00.000Z"}';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
  vi.stubEnv('AWS_REGION', region);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function named(statusCode: number, name: string, body = ''): Reply {
  return { statusCode, headers: { 'x-amzn-ErrorType': name }, body };
}

function pending(): Set<Promise<unknown>> {
  return Reflect.get(globalThis, Symbol.for('furrow.pending-sends'));
}

function useEndpoint(url: string): void {
  vi.stubEnv('ARC_WSS_URL', `${url.replace('http:', 'ws:')}/staging`);
}

function sdkClient(endpoint: string) {
  return new ApiGatewayManagementApiClient({ endpoint, region, credentials, maxAttempts: 1 });
}

/** What a call rejected with. */
async function rejection(call: Promise<unknown>): Promise<Record<string, unknown> & Error> {
  const [result] = await Promise.allSettled([call]);
  if (result.status === 'fulfilled') throw new Error('Expected a rejection.');
  const reason: Record<string, unknown> & Error = result.reason;
  return reason;
}

describe('what goes over the wire', () => {
  test.for([
    { why: 'an object', payload: { text: 'hi' }, body: '{"text":"hi"}' },
    { why: 'a string', payload: 'grüße', body: 'grüße' },
    { why: 'an empty string', payload: '', body: '' },
    { why: 'null', payload: null, body: 'null' },
  ])('send: $why', async ({ payload, body }) => {
    await using endpoint = await openAwsEndpoint(() => ok);
    useEndpoint(endpoint.url);
    expect(await ws.send({ id, payload })).toBeUndefined();
    expect(endpoint.received).toMatchObject([{ method: 'POST', path, body, isSigned: true, service: 'execute-api' }]);
    expect(endpoint.received[0]?.headers).toMatchObject({
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-security-token': credentials.sessionToken,
    });
  });

  test('close', async () => {
    await using endpoint = await openAwsEndpoint(() => ({ statusCode: 204 }));
    useEndpoint(endpoint.url);
    expect(await ws.close({ id })).toBeUndefined();
    expect(endpoint.received).toMatchObject([{ method: 'DELETE', path, body: '', isSigned: true }]);
  });

  test('info', async () => {
    await using endpoint = await openAwsEndpoint(() => ({ ...ok, body: connectionInfo }));
    useEndpoint(endpoint.url);
    expect(await ws.info({ id })).toEqual({
      ConnectedAt: '2026-11-23T15:30:00.000Z',
      Identity: { SourceIp: '1.2.3.4', UserAgent: 'Firefox' },
      LastActiveAt: '2026-11-23T15:31:00.000Z',
    });
    expect(endpoint.received).toMatchObject([{ method: 'GET', path, body: '', isSigned: true }]);
  });

  test('keys without a session token', async () => {
    await using endpoint = await openAwsEndpoint(() => ok);
    useEndpoint(endpoint.url);
    vi.stubEnv('AWS_SESSION_TOKEN', undefined);
    await ws.send({ id, payload: '' });
    expect(endpoint.received).toMatchObject([{ isSigned: true }]);
    expect(endpoint.received[0]?.headers).not.toHaveProperty('x-amz-security-token');
  });

  test('AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI goes before ARC_WSS_URL and is used as it is', async () => {
    await using endpoint = await openAwsEndpoint(() => ok);
    vi.stubEnv('ARC_WSS_URL', 'wss://elsewhere.invalid/staging');
    vi.stubEnv('AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI', `${endpoint.url}/a/b/`);
    await ws.send({ id, payload: '' });
    expect(endpoint.received).toMatchObject([{ path: '/a/b/@connections/AAAAAAAAAAAAAAA%3D', isSigned: true }]);
  });

  test('requests one after the other share a TCP connection', async () => {
    await using endpoint = await openAwsEndpoint(() => ok);
    useEndpoint(endpoint.url);
    await ws.send({ id, payload: '1' });
    await ws.send({ id, payload: '2' });
    await ws.close({ id });
    expect(endpoint.connectionCount).toBe(1);
  });
});

describe('beside the AWS SDK', () => {
  const commands = {
    send: (client: ApiGatewayManagementApiClient) =>
      client.send(new PostToConnectionCommand({ ConnectionId: id, Data: 'hi' })),
    close: (client: ApiGatewayManagementApiClient) => client.send(new DeleteConnectionCommand({ ConnectionId: id })),
    info: (client: ApiGatewayManagementApiClient) => client.send(new GetConnectionCommand({ ConnectionId: id })),
  };
  const calls = {
    send: () => ws.send({ id, payload: 'hi' }),
    close: () => ws.close({ id }),
    info: () => ws.info({ id }),
  };
  const all = ['send', 'close', 'info'] as const;

  test.for(all)('%s: the same method, path and body', async (call) => {
    await using endpoint = await openAwsEndpoint(() => ({ ...ok, body: connectionInfo }));
    useEndpoint(endpoint.url);
    await commands[call](sdkClient(`${endpoint.url}/staging`));
    await calls[call]();
    const [theirs, ours] = endpoint.received.map((one) => [one.method, one.path, one.body, one.isSigned]);
    expect(ours).toEqual(theirs);
  });

  test('info: the same fields; times are Date there and text here', async () => {
    await using endpoint = await openAwsEndpoint(() => ({ ...ok, body: connectionInfo }));
    useEndpoint(endpoint.url);
    const { $metadata: _, ...theirs } = await sdkClient(`${endpoint.url}/staging`).send(
      new GetConnectionCommand({ ConnectionId: id }),
    );
    expect(await ws.info({ id })).toEqual(JSON.parse(JSON.stringify(theirs)));
  });

  test.for([
    { call: 'send', reply: named(410, 'GoneException') },
    { call: 'close', reply: named(410, 'GoneException') },
    { call: 'info', reply: named(410, 'GoneException:http://internal.amazon.com/') },
    { call: 'send', reply: named(400, 'BadRequestException', `{"message":"Invalid connectionId: ${id}"}`) },
    { call: 'send', reply: named(413, 'PayloadTooLargeException', '{"message":"Message too long"}') },
    { call: 'send', reply: named(429, 'LimitExceededException') },
    { call: 'send', reply: named(403, 'ForbiddenException', '{"message":"Forbidden"}') },
    { call: 'close', reply: named(403, 'InvalidSignatureException', '{"message":"The request signature"}') },
    { call: 'send', reply: named(500, 'InternalServerErrorException') },
  ] as const)('$call, $reply: the same name, status and fault', async ({ call, reply }) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    await using endpoint = await openAwsEndpoint(() => reply);
    useEndpoint(endpoint.url);
    const theirs = await rejection(commands[call](sdkClient(`${endpoint.url}/staging`)));
    const ours = await rejection(calls[call]());
    expect(ours).toMatchObject({
      name: theirs.name,
      code: theirs.name,
      statusCode: reply.statusCode,
      $fault: theirs['$fault'],
      $metadata: { httpStatusCode: reply.statusCode },
      connectionId: id,
    });
    expect(theirs).toMatchObject({ $metadata: { httpStatusCode: reply.statusCode } });
  });
});

describe('attempts', () => {
  const table: { why: string; replies: Reply[]; code: string }[] = [
    { why: 'throttled, then taken', replies: [{ statusCode: 429 }, ok], code: 'taken' },
    { why: 'failed twice, then taken', replies: [{ statusCode: 500 }, { statusCode: 503 }, ok], code: 'taken' },
    {
      why: 'throttled to the end',
      replies: [429, 429, 429].map((statusCode) => ({ statusCode })),
      code: 'LimitExceededException',
    },
    {
      why: 'failed to the end',
      replies: [500, 502, 504].map((statusCode) => ({ statusCode })),
      code: 'InternalServerError',
    },
    { why: 'gone', replies: [{ statusCode: 410 }], code: 'GoneException' },
    { why: 'gone in the end', replies: [{ statusCode: 500 }, { statusCode: 410 }], code: 'GoneException' },
  ];
  test.for(table)('$why', async ({ replies, code }) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.01);
    await using endpoint = await openAwsEndpoint((_, count) => replies[count - 1] ?? 'silence');
    useEndpoint(endpoint.url);
    const outcome = await ws.send({ id, payload: 'hi' }).then(
      () => 'taken',
      (error: ServiceError) => error.code,
    );
    expect(outcome).toBe(code);
    expect(endpoint.received.map(({ body, isSigned }) => [body, isSigned])).toEqual(replies.map(() => ['hi', true]));
  });

  test('a kept socket that the other end has closed: a fresh one gets the request', async () => {
    await using endpoint = await openAwsEndpoint((_, count) => (count === 2 ? 'reset' : ok));
    useEndpoint(endpoint.url);
    await ws.send({ id, payload: '1' });
    await ws.send({ id, payload: '2' });
    expect(endpoint.received.map(({ body }) => body)).toEqual(['1', '2', '2']);
    expect(endpoint.connectionCount).toBe(2);
  });

  test.for(['reset', 'cut'] as const)('a fresh socket that ends with a %s is not tried again', async (reply) => {
    await using endpoint = await openAwsEndpoint(() => reply);
    useEndpoint(endpoint.url);
    await expect(ws.send({ id, payload: '1' })).rejects.toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
      cause: { code: 'ECONNRESET' },
    });
    expect(endpoint.received).toHaveLength(1);
  });

  test('a kept socket that ends in the middle of an answer is not tried again', async () => {
    await using endpoint = await openAwsEndpoint((_, count) => (count === 2 ? 'cut' : ok));
    useEndpoint(endpoint.url);
    await ws.send({ id, payload: '1' });
    await expect(ws.send({ id, payload: '2' })).rejects.toMatchObject({ code: 'ENDPOINT_UNREACHABLE' });
    expect(endpoint.received).toHaveLength(2);
  });

  test.for(['silence', 'stall'] as const)('no answer within ten seconds: %s', async (reply) => {
    await using endpoint = await openAwsEndpoint(() => reply);
    useEndpoint(endpoint.url);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const call = rejection(ws.send({ id, payload: 'hi' }));
    await expect.poll(() => endpoint.received.length).toBe(1);
    vi.advanceTimersByTime(10_000);
    expect(await call).toMatchObject({ name: 'TimeoutError', code: 'ENDPOINT_TIMED_OUT' });
  });

  test('nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    useEndpoint(`http://127.0.0.1:${typeof address === 'object' && address?.port}`);
    await expect(ws.send({ id, payload: 'hi' })).rejects.toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
      fix: expect.any(String),
      cause: { code: 'ECONNREFUSED' },
    });
  });
});

describe('what is missing is named', () => {
  test.for([
    { variable: 'ARC_WSS_URL', code: 'ENDPOINT_MISSING' },
    { variable: 'AWS_ACCESS_KEY_ID', code: 'CREDENTIALS_MISSING' },
    { variable: 'AWS_SECRET_ACCESS_KEY', code: 'CREDENTIALS_MISSING' },
    { variable: 'AWS_REGION', code: 'CREDENTIALS_MISSING' },
  ])('$variable', async ({ variable, code }) => {
    useEndpoint('http://127.0.0.1:1');
    vi.stubEnv(variable, undefined);
    await expect(ws.send({ id, payload: 'hi' })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(variable),
      fix: expect.any(String),
    });
  });
});

test('the stack begins at the line of the call, awaited there or not', async () => {
  await using endpoint = await openAwsEndpoint(() => ({ statusCode: 410 }));
  useEndpoint(endpoint.url);
  const errors = await Promise.all(['a', 'b'].map((payload) => rejection(ws.send({ id, payload }))));
  for (const error of errors) {
    expect(error.stack?.split('\n').slice(0, 2)).toEqual([
      `GoneException: Connection ${id} is gone (410).`,
      expect.stringContaining('connections.test.ts'),
    ]);
  }
});

describe('sends that nobody awaits', () => {
  test.for([
    { why: 'delivered', statusCode: 200 },
    { why: 'refused', statusCode: 410 },
  ])('are in the set until they are $why', async ({ statusCode }) => {
    await using endpoint = await openAwsEndpoint(() => ({ statusCode }));
    useEndpoint(endpoint.url);
    const outcome = vi.fn<() => void>();
    ws.send({ id, payload: '1' }, outcome);
    ws.send({ id, payload: '2' }, outcome);
    expect(pending().size).toBe(2);
    await Promise.all(pending());
    expect(endpoint.received).toHaveLength(2);
    expect(pending().size).toBe(0);
    await expect.poll(() => outcome.mock.calls.length).toBe(2);
  });
});

test('a broadcast opens no more than 50 sockets', async () => {
  await using endpoint = await openAwsEndpoint(() => ok);
  useEndpoint(endpoint.url);
  await Promise.all(Array.from({ length: 200 }, (_, index) => ws.send({ id, payload: index })));
  expect(endpoint.received).toHaveLength(200);
  expect(endpoint.connectionCount).toBeLessThanOrEqual(50);
});

/** The connection that a request was about. */
const idOf = ({ path: at }: { readonly path: string }) => at.slice(at.lastIndexOf('/') + 1);

describe('a send to many', () => {
  test('is a request for each, over no more than 50 sockets, and tells who was not reached', async () => {
    await using endpoint = await openAwsEndpoint((received) => {
      const number = Number(idOf(received));
      if (number % 10 === 3) return named(410, 'GoneException');
      return number === 55 ? named(403, 'ForbiddenException') : ok;
    });
    useEndpoint(endpoint.url);
    const ids = Array.from({ length: 200 }, (_, index) => String(index));
    const report = await ws.send({ id: ids, payload: { text: 'hi' } });
    expect(report.gone).toEqual(ids.filter((one) => Number(one) % 10 === 3));
    expect(report.failed).toMatchObject([{ id: '55', error: { name: 'ForbiddenException', connectionId: '55' } }]);
    expect(endpoint.received.map(idOf).toSorted()).toEqual(ids.toSorted());
    expect(endpoint.received.every(({ body, isSigned }) => body === '{"text":"hi"}' && isSigned)).toBe(true);
    expect(endpoint.connectionCount).toBeLessThanOrEqual(50);
  });

  test('tries again where it was throttled', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.01);
    await using endpoint = await openAwsEndpoint((_, count) => (count <= 3 ? { statusCode: 429 } : ok));
    useEndpoint(endpoint.url);
    expect(await ws.send({ id: ['a', 'b', 'c'], payload: '' })).toEqual({ gone: [], failed: [] });
    expect(endpoint.received).toHaveLength(6);
  });

  test('that is too long for one is too long for all', async () => {
    await using endpoint = await openAwsEndpoint(() => named(413, 'PayloadTooLargeException'));
    useEndpoint(endpoint.url);
    const ids = Array.from({ length: 200 }, (_, index) => String(index));
    expect(await rejection(ws.send({ id: ids, payload: '' }))).toMatchObject({ name: 'PayloadTooLargeException' });
    expect(endpoint.received.length).toBeLessThanOrEqual(50);
  });

  test('without a way there rejects', async () => {
    expect(await rejection(ws.send({ id: ['a'], payload: '' }))).toMatchObject({ code: 'ENDPOINT_MISSING' });
  });

  test('that nobody awaits is in the set until it has ended', async () => {
    await using endpoint = await openAwsEndpoint(() => ok);
    useEndpoint(endpoint.url);
    void ws.send({ id: ['a', 'b'], payload: '' });
    expect(pending().size).toBe(1);
    await Promise.all(pending());
    expect(endpoint.received).toHaveLength(2);
    expect(pending().size).toBe(0);
  });
});
