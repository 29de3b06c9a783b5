import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createServices } from '../src/services.ts';
import { createTables } from '../src/tables.ts';
import { credentials, openAwsEndpoint, region, type AwsEndpoint, type Received, type Reply } from './aws-endpoint.ts';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('ARC_STACK_NAME', 'ChatStaging');
  // Waits between attempts are drawn from nothing to a second.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const parameters = [{ Name: '/ChatStaging/tables/rooms', Value: 'rooms-1' }];

/** SSM with one table's name, and a DynamoDB that answers with `answer`, by the number of its request. */
function openBoth(answer: (received: Received, count: number) => Reply, found: readonly object[] = parameters) {
  let count = 0;
  return openAwsEndpoint((received) => {
    if (received.service === 'ssm') return { statusCode: 200, body: JSON.stringify({ Parameters: found }) };
    count += 1;
    return answer(received, count);
  });
}

function point({ url }: AwsEndpoint): void {
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', url);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', url);
}

const toDynamo = ({ received }: AwsEndpoint) => received.filter(({ service }) => service === 'dynamodb');
const fine: Reply = { statusCode: 200, body: '{}' };
const refusal = (name: string, statusCode = 400, more: object = {}): Reply => ({
  statusCode,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: `${name} it is`, ...more }),
});
const openTables = () => createTables(createServices());
/** What an app says of its tables. */
interface Tables {
  readonly rooms: { readonly id: string; readonly [attribute: string]: unknown };
}

test('the request is the one of the AWS SDK, signed', async () => {
  await using endpoint = await openBoth(() => fine);
  point(endpoint);
  const client = new DynamoDBClient({ endpoint: endpoint.url, region, credentials });
  await client.send(new GetItemCommand({ TableName: 'rooms-1', Key: { id: { S: 'a' } } }));
  const { rooms } = await openTables()<Tables>();
  await rooms.get({ id: 'a' });
  const [theirs, ours] = toDynamo(endpoint).map(({ method, path, headers, body, isSigned }) => ({
    method,
    path,
    type: headers['content-type'],
    target: headers['x-amz-target'],
    body: JSON.parse(body),
    isSigned,
  }));
  expect(ours).toEqual({ ...theirs, isSigned: true });
});

test('names are read once for all calls and all options', async () => {
  await using endpoint = await openBoth(() => fine);
  point(endpoint);
  const tables = openTables();
  const [first, second] = await Promise.all([tables<Tables>(), tables<Tables>()]);
  const other = await tables<Tables>({ awsjsonMarshall: { convertEmptyValues: true } });
  expect(second).toBe(first);
  expect(await tables()).toBe(first);
  expect(other).not.toBe(first);
  await first.rooms.put({ id: 'a', text: '' });
  await other.rooms.put({ id: 'a', text: '' });
  expect(endpoint.received.map(({ service }) => service)).toEqual(['ssm', 'dynamodb', 'dynamodb']);
  expect(toDynamo(endpoint).map(({ body }) => JSON.parse(body).Item.text)).toEqual([{ S: '' }, { NULL: true }]);
});

test('the options of the first call hold for those that have none', async () => {
  await using endpoint = await openBoth(() => fine);
  point(endpoint);
  const tables = openTables();
  const first = await tables<Tables>({ awsjsonMarshall: { convertEmptyValues: true } });
  expect(await tables()).toBe(first);
});

describe('a refusal', () => {
  test.for([
    { name: 'ProvisionedThroughputExceededException', statusCode: 400, requests: 3 },
    { name: 'ThrottlingException', statusCode: 400, requests: 3 },
    { name: 'InternalServerError', statusCode: 500, requests: 3 },
    { name: 'ConditionalCheckFailedException', statusCode: 400, requests: 1 },
    { name: 'ResourceNotFoundException', statusCode: 400, requests: 1 },
  ])('$name stands after $requests', async ({ name, statusCode, requests }) => {
    await using endpoint = await openBoth(() => refusal(name, statusCode));
    point(endpoint);
    const { rooms } = await openTables()<Tables>();
    await expect(rooms.get({ id: 'a' })).rejects.toMatchObject({
      name,
      code: name,
      statusCode,
      message: `${name} it is`,
      operation: 'GetItem',
      $fault: statusCode < 500 ? 'client' : 'server',
      $metadata: { httpStatusCode: statusCode },
    });
    expect(toDynamo(endpoint)).toHaveLength(requests);
  });

  test('that passes is not seen', async () => {
    await using endpoint = await openBoth((_received, count) => (count < 3 ? refusal('ThrottlingException') : fine));
    point(endpoint);
    const { rooms } = await openTables()<Tables>();
    expect(await rooms.put({ id: 'a' })).toEqual({ id: 'a' });
  });

  test('begins at the line that made the call', async () => {
    await using endpoint = await openBoth(() => refusal('ConditionalCheckFailedException'));
    point(endpoint);
    const { rooms, _client, _doc } = await openTables()<Tables>();
    const calls = [
      () => rooms.delete({ id: 'a' }),
      () => _client.DeleteItem({ TableName: 'rooms-1', Key: { id: 'a' } }),
      () => _doc.delete({ TableName: 'rooms-1', Key: { id: 'a' } }).promise(),
    ];
    const stacks = await Promise.all(calls.map((call) => call().catch(({ stack }: Error) => stack)));
    for (const stack of stacks)
      expect(stack).toMatch(/^ConditionalCheckFailedException: Cond.* it is\n.*tables-requests\.test\.ts/);
  });

  test('goes to the callback', async () => {
    await using endpoint = await openBoth(() => refusal('ConditionalCheckFailedException'));
    point(endpoint);
    const { rooms } = await openTables()<Tables>();
    const outcome = await new Promise((resolve) => {
      rooms.get({ id: 'a' }, (...outcomes) => resolve(outcomes));
    });
    expect(outcome).toEqual([expect.objectContaining({ code: 'ConditionalCheckFailedException' })]);
  });

  test('without a message, or without anything', async () => {
    await using endpoint = await openBoth(() => ({ statusCode: 400, body: '<html>' }));
    point(endpoint);
    const { rooms } = await openTables()<Tables>();
    await expect(rooms.get({ id: 'a' })).rejects.toMatchObject({
      name: 'BadRequestException',
      message: 'GetItem refused (400).',
    });
  });
});

test('an app without tables', async () => {
  await using endpoint = await openBoth(() => fine, [{ Name: '/ChatStaging/ws/wss', Value: 'wss://host' }]);
  point(endpoint);
  const [outcome] = await Promise.allSettled([openTables()()]);
  expect(outcome).toMatchObject({
    reason: { code: 'TABLES_MISSING', stack: expect.stringMatching(/^Error: .*\n.*tables-requests\.test\.ts/) },
  });
});

test('a wrong item asks nobody, and names the place', async () => {
  await using endpoint = await openBoth(() => fine);
  point(endpoint);
  const { rooms } = await openTables()<Tables>();
  await expect(rooms.put({ id: 'a', at: { day: new Date(0) } })).rejects.toMatchObject({
    name: 'TypeError',
    code: 'ITEM_INVALID',
    message: expect.stringMatching(/^Item\.at cannot be stored: Unsupported type passed: .* awsjsonMarshall/),
    stack: expect.stringMatching(/\n.*tables-requests\.test\.ts/),
    cause: expect.any(Error),
  });
  expect(toDynamo(endpoint)).toEqual([]);
});

test('commands of the AWS SDK are refused', async () => {
  await using endpoint = await openBoth(() => fine);
  point(endpoint);
  const { _doc, _db } = await openTables()<Tables>();
  for (const client of [_doc, _db])
    expect(() => client.send(new GetItemCommand({ TableName: 'rooms-1', Key: {} }))).toThrow(
      expect.objectContaining({ code: 'COMMANDS_NOT_OFFERED', fix: expect.any(String) }),
    );
});

test('clients can be awaited and printed, and have no members of other kinds', async () => {
  await using endpoint = await openBoth(() => fine);
  point(endpoint);
  const { _client, _db } = await openTables()<Tables>();
  expect(await Promise.resolve(_client)).toBe(_client);
  expect(await Promise.resolve(_db)).toBe(_db);
  expect(Reflect.get(_client, 'getItem')).toBeUndefined();
  expect(Reflect.get(_db, 'GetItems')).toBeTypeOf('function');
  expect(JSON.stringify({ _client })).toBe('{"_client":{}}');
});

test('a write that nobody awaits is done before the answer', async () => {
  await using endpoint = await openBoth(() => fine);
  point(endpoint);
  const { rooms } = await openTables()<Tables>();
  void rooms.put({ id: 'a' });
  const pending = Reflect.get(globalThis, Symbol.for('furrow.pending-sends')) as Set<Promise<unknown>>;
  expect(pending.size).toBe(1);
  await Promise.all(pending);
  expect(toDynamo(endpoint)).toHaveLength(1);
});
