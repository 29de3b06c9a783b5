import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeContinuousBackupsCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  TransactionCanceledException,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzRuns } from '../../../test/support/fuzz-runs.ts';
import { openApp } from './open-app.ts';
import { signedFor } from './signed-for.ts';

const manifest =
  '@app\ntestapp\n@ws\n@tables\nrooms\n  id *String\n  expires TTL\nseats\n  id *String\n  at **Number\n';

/** The app's database, as a program beside the sandbox reaches it. */
async function openDatabase() {
  const app = await openApp({ 'app.arc': manifest, 'src/ws/default/index.js': 'exports.handler = async () => {}' });
  const client = new DynamoDBClient({
    endpoint: app.sandbox.url,
    region: 'us-west-2',
    credentials: { accessKeyId: 'other', secretAccessKey: 'key' },
    maxAttempts: 1,
  });
  const { TableNames: names = [] } = await client.send(new ListTablesCommand({}));
  const nameOf = (part: string) => names.find((name) => name.includes(part)) ?? '';
  return {
    app,
    client,
    rooms: nameOf('Rooms'),
    seats: nameOf('Seats'),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await app[Symbol.asyncDispose]();
    },
  };
}

type Database = Awaited<ReturnType<typeof openDatabase>>;

async function itemsOf({ client }: Database, TableName: string) {
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return items.toSorted((a, b) => String(a['id']?.S).localeCompare(String(b['id']?.S)));
}

const textOf = (value: AttributeValue | undefined) => value?.S ?? value?.N;

describe('times to live', () => {
  test('expired items go, and what is none stays', async () => {
    await using database = await openDatabase();
    const { client, rooms: TableName } = database;
    const now = Math.floor(Date.now() / 1000);
    const items = [
      { id: { S: 'expired' }, expires: { N: String(now - 10) } },
      { id: { S: 'later' }, expires: { N: String(now + 1000) } },
      { id: { S: 'long ago' }, expires: { N: String(now - 6 * 365 * 86_400) } },
      { id: { S: 'no number' }, expires: { S: String(now - 10) } },
      { id: { S: 'none' } },
    ];
    await Promise.all(items.map((Item) => client.send(new PutItemCommand({ TableName, Item }))));
    // Until it is removed it is read, as on AWS.
    const read = await client.send(new GetItemCommand({ TableName, Key: { id: { S: 'expired' } } }));
    expect(read.Item).toEqual(items[0]);
    await expect
      .poll(async () => (await itemsOf(database, TableName)).map(({ id }) => textOf(id)), { timeout: 15_000 })
      .toEqual(['later', 'long ago', 'no number', 'none']);
  });

  test.for([
    { why: 'twice on', spec: { AttributeName: 'expires', Enabled: true }, message: 'TimeToLive is already enabled' },
    {
      why: 'on with another attribute',
      spec: { AttributeName: 'other', Enabled: true },
      message: 'TimeToLive is active on a different AttributeName: current AttributeName is expires',
    },
  ])('turned $why is refused', async ({ spec: TimeToLiveSpecification, message }) => {
    await using database = await openDatabase();
    const { client, rooms: TableName } = database;
    const call = client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    await expect(call).rejects.toMatchObject({ name: 'ValidationException', message });
  });
});

const put = (TableName: string, id: string, more: object = {}) => ({
  Put: { TableName, Item: { id: { S: id } }, ...more },
});

describe('transactions', () => {
  test('write all', async () => {
    await using database = await openDatabase();
    const { client, rooms, seats } = database;
    await client.send(new PutItemCommand({ TableName: rooms, Item: { id: { S: 'old' } } }));
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          put(rooms, 'new', { ConditionExpression: 'attribute_not_exists(id)' }),
          { Delete: { TableName: rooms, Key: { id: { S: 'old' } } } },
          {
            Update: {
              TableName: seats,
              Key: { id: { S: 's' }, at: { N: '1' } },
              UpdateExpression: 'ADD taken :one',
              ExpressionAttributeValues: { ':one': { N: '1' } },
            },
          },
          {
            ConditionCheck: {
              TableName: seats,
              Key: { id: { S: 's' }, at: { N: '2' } },
              ConditionExpression: 'attribute_not_exists(id)',
            },
          },
        ],
      }),
    );
    expect(await itemsOf(database, rooms)).toEqual([{ id: { S: 'new' } }]);
    expect(await itemsOf(database, seats)).toEqual([{ id: { S: 's' }, at: { N: '1' }, taken: { N: '1' } }]);
  });

  test('write nothing when a condition is not met, and say which', async () => {
    await using database = await openDatabase();
    const { client, rooms } = database;
    const old = { id: { S: 'old' }, topic: { S: 'x' } };
    await client.send(new PutItemCommand({ TableName: rooms, Item: old }));
    const isNew = { ConditionExpression: 'attribute_not_exists(id)' };
    const call = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          put(rooms, 'new', isNew),
          put(rooms, 'old', { ...isNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
          {
            ConditionCheck: {
              TableName: rooms,
              Key: { id: { S: 'gone' } },
              ConditionExpression: 'attribute_exists(id)',
            },
          },
        ],
      }),
    );
    const error: unknown = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]',
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: old },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      ],
    });
    expect(await itemsOf(database, rooms)).toEqual([old]);
  });

  test('take back what they wrote when a later write does not suit its item', async () => {
    await using database = await openDatabase();
    const { client, rooms } = database;
    const items = [
      { id: { S: 'a' }, topic: { S: 'x' } },
      { id: { S: 'b' }, topic: { S: 'x' } },
    ];
    await Promise.all(items.map((Item) => client.send(new PutItemCommand({ TableName: rooms, Item }))));
    const call = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          put(rooms, 'a'),
          put(rooms, 'new'),
          {
            Update: {
              TableName: rooms,
              Key: { id: { S: 'b' } },
              UpdateExpression: 'ADD topic :one',
              ExpressionAttributeValues: { ':one': { N: '1' } },
            },
          },
        ],
      }),
    );
    await expect(call).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'None' }, { Code: 'ValidationError' }],
    });
    expect(await itemsOf(database, rooms)).toEqual(items);
  });

  test.for([
    {
      why: 'two writes of one item',
      items: (rooms: string) => [put(rooms, 'a'), { Delete: { TableName: rooms, Key: { id: { S: 'a' } } } }],
      error: { name: 'ValidationException', message: /cannot include multiple operations on one item/ },
    },
    {
      why: 'no writes',
      items: () => [],
      error: { name: 'ValidationException', message: /greater than or equal to 1/ },
    },
    {
      why: '101 writes',
      items: (rooms: string) => Array.from({ length: 101 }, (_, index) => put(rooms, `id-${index}`)),
      error: { name: 'ValidationException', message: /less than or equal to 100/ },
    },
    {
      why: 'two deeds in one',
      items: (rooms: string) => [{ ...put(rooms, 'a'), Delete: { TableName: rooms, Key: { id: { S: 'b' } } } }],
      error: { name: 'ValidationException', message: /only contain one of Check, Put, Update or Delete/ },
    },
    {
      why: 'a table that is not there',
      items: () => [put('nowhere', 'a')],
      error: { name: 'ResourceNotFoundException', message: /Requested resource not found/ },
    },
    {
      why: 'an expression that is none',
      items: (rooms: string) => [put(rooms, 'a', { ConditionExpression: 'attribute_not_exists(' })],
      error: { name: 'ValidationException', message: /Invalid ConditionExpression: Syntax error/ },
    },
    {
      why: 'an item without its key',
      items: (rooms: string) => [{ Put: { TableName: rooms, Item: { other: { S: 'a' } } } }],
      error: { name: 'TransactionCanceledException', message: /\[ValidationError\]/ },
    },
  ])('refuse $why', async ({ items, error: { name, message } }) => {
    await using database = await openDatabase();
    const TransactItems = items(database.rooms);
    const call = database.client.send(new TransactWriteItemsCommand({ TransactItems }));
    await expect(call).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    expect(await itemsOf(database, database.rooms)).toEqual([]);
  });

  test('are done once for one token, and refuse it for another transaction', async () => {
    await using database = await openDatabase();
    const { client, rooms: TableName } = database;
    const add = (id: string) =>
      client.send(
        new TransactWriteItemsCommand({
          ClientRequestToken: 'token',
          TransactItems: [
            {
              Update: {
                TableName,
                Key: { id: { S: id } },
                UpdateExpression: 'ADD times :one',
                ExpressionAttributeValues: { ':one': { N: '1' } },
              },
            },
          ],
        }),
      );
    await add('a');
    await add('a');
    expect(await itemsOf(database, TableName)).toEqual([{ id: { S: 'a' }, times: { N: '1' } }]);
    await expect(add('b')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });

  test('are seen whole or not at all', async () => {
    await using database = await openDatabase();
    const { client, rooms: TableName } = database;
    const write = (value: number) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: ['a', 'b'].map((id) => ({
            Put: { TableName, Item: { id: { S: id }, value: { N: String(value) } } },
          })),
        }),
      );
    const read = async () => {
      const TransactItems = ['a', 'b'].map((id) => ({ Get: { TableName, Key: { id: { S: id } } } }));
      const { Responses: responses = [] } = await client.send(new TransactGetItemsCommand({ TransactItems }));
      return responses.map(({ Item: item }) => item?.['value']?.N);
    };
    await write(0);
    const all = Array.from({ length: 25 }, (_, index) => [write(index), read()] as const);
    const pairs = await Promise.all(all.map(async ([written, seen]) => (await written, seen)));
    for (const [a, b] of pairs) expect(a).toBe(b);
  });
});

describe('what else stands in front', () => {
  test('the item that failed a condition is in the refusal', async () => {
    await using database = await openDatabase();
    const { client, rooms: TableName } = database;
    const item = { id: { S: 'a' }, topic: { S: 'x' } };
    await client.send(new PutItemCommand({ TableName, Item: item }));
    const failure = {
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    const Key = { id: { S: 'a' } };
    const expected = { name: 'ConditionalCheckFailedException', Item: item };
    await expect(client.send(new PutItemCommand({ TableName, Item: item, ...failure }))).rejects.toMatchObject(
      expected,
    );
    await expect(client.send(new DeleteItemCommand({ TableName, Key, ...failure }))).rejects.toMatchObject(expected);
    const update = { UpdateExpression: 'REMOVE topic', Key, TableName };
    await expect(client.send(new UpdateItemCommand({ ...update, ...failure }))).rejects.toMatchObject(expected);
  });

  test('what is not offered is refused by name', async () => {
    await using database = await openDatabase();
    const { client, rooms: TableName } = database;
    await expect(client.send(new ExecuteStatementCommand({ Statement: 'SELECT 1' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringMatching(/ExecuteStatement \(PartiQL\)/),
    });
    await expect(client.send(new DescribeContinuousBackupsCommand({ TableName }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringMatching(/DescribeContinuousBackups \(backups\)/),
    });
  });

  test('a batch of 25 large items is taken, and one item over 400 KB is not', async () => {
    await using database = await openDatabase();
    const { client, rooms: TableName } = database;
    const large = 'x'.repeat(390 * 1024);
    const requests = Array.from({ length: 25 }, (_, index) => ({
      PutRequest: { Item: { id: { S: String(index) }, large: { S: large } } },
    }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
    const Item = { id: { S: 'a' }, large: { S: 'x'.repeat(401 * 1024) } };
    await expect(client.send(new PutItemCommand({ TableName, Item }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
  });
});

describe('whatever comes in', () => {
  const operations = [
    'BatchGetItem',
    'BatchWriteItem',
    'CreateTable',
    'DeleteItem',
    'DeleteTable',
    'DescribeTable',
    'DescribeTimeToLive',
    'GetItem',
    'ListTables',
    'PutItem',
    'Query',
    'Scan',
    'TransactGetItems',
    'TransactWriteItems',
    'UpdateItem',
    'UpdateTable',
    'UpdateTimeToLive',
    'constructor',
    '__proto__',
    '',
  ];

  test('is answered', async () => {
    await using database = await openDatabase();
    const { app, rooms } = database;
    const call = async (operation: string, body: string) => {
      const headers = signedFor('dynamodb', { 'x-amz-target': `DynamoDB_20120810.${operation}` });
      const response = await fetch(app.sandbox.url, { method: 'POST', headers, body });
      return { status: response.status, body: JSON.parse(await response.text()) as object };
    };
    const value = fc.oneof(
      fc.record({ S: fc.string() }),
      fc.record({ N: fc.oneof(fc.integer().map(String), fc.string()) }),
      fc.record({ L: fc.array(fc.record({ S: fc.string() }), { maxLength: 2 }) }),
      fc.record({ M: fc.dictionary(fc.string(), fc.record({ BOOL: fc.boolean() }), { maxKeys: 2 }) }),
      fc.json().map((text): unknown => JSON.parse(text)),
    );
    const item = fc.dictionary(fc.constantFrom('id', 'expires', 'a', '__proto__'), value, { maxKeys: 3 });
    const expression = fc.oneof(
      fc.constantFrom(
        'id = :v',
        'SET a = :v',
        'ADD a :v',
        'REMOVE a',
        'size(a) > :v',
        'SET a.b[1] = a + :v',
        'DELETE a :v',
      ),
      fc.string(),
    );
    const input = fc.oneof(
      fc.json(),
      fc
        .record(
          {
            TableName: fc.constantFrom(rooms, 'nowhere'),
            Item: item,
            Key: item,
            ConditionExpression: expression,
            UpdateExpression: expression,
            KeyConditionExpression: expression,
            FilterExpression: expression,
            ProjectionExpression: expression,
            ExpressionAttributeValues: fc.record({ ':v': value }),
            ExclusiveStartKey: item,
            Expected: item,
            AttributeUpdates: item,
            TransactItems: fc.array(fc.record({ Put: fc.record({ TableName: fc.constant(rooms), Item: item }) }), {
              maxLength: 3,
            }),
            RequestItems: fc.record({ [rooms]: fc.array(fc.record({ PutRequest: fc.record({ Item: item }) })) }),
            Limit: fc.integer(),
          },
          { requiredKeys: ['TableName'] },
        )
        .map((members) => JSON.stringify(members)),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...operations), input, async (operation, body) => {
        fc.pre(operation !== 'DeleteTable' || !body.includes(rooms));
        const answer = await call(operation, body);
        expect([200, 400, 500]).toContain(answer.status);
      }),
      fuzzRuns(1500),
    );
    expect(await call('DescribeTable', JSON.stringify({ TableName: rooms }))).toMatchObject({ status: 200 });
    // A mistake of the emulator would be told.
    expect(app.events.filter(({ type }) => type === 'notice')).toEqual([]);
  }, 120_000);

  test.for([
    '{"TableName":"ROOMS","Item":{"id":{"S":"a"},"a":null}}',
    '{"TableName":"ROOMS","Item":{"id":{"S":"a"},"a":{"L":[null]}}}',
    '{"TableName":"ROOMS","Item":{"id":null}}',
    '{"TableName":"ROOMS","Item":[]}',
    'null',
    '[]',
    '',
    '{',
  ])('%s is no item', async (text) => {
    await using database = await openDatabase();
    const headers = signedFor('dynamodb', { 'x-amz-target': 'DynamoDB_20120810.PutItem' });
    const body = text.replace('ROOMS', database.rooms);
    const response = await fetch(database.app.sandbox.url, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: expect.stringMatching(/#\w+Exception$/) });
    expect(database.app.events.filter(({ type }) => type === 'notice')).toEqual([]);
  });

  test.for(['ssm', 'execute-api'])('a signature for %s opens nothing', async (service) => {
    await using database = await openDatabase();
    const headers = signedFor(service, { 'x-amz-target': 'DynamoDB_20120810.ListTables' });
    const response = await fetch(database.app.sandbox.url, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(/should be scoped to correct service: 'dynamodb'/);
  });

  test('over 16 MB is refused, and 8 MB of nested lists are answered', async () => {
    await using database = await openDatabase();
    const headers = signedFor('dynamodb', { 'x-amz-target': 'DynamoDB_20120810.PutItem' });
    const post = (body: string) => fetch(database.app.sandbox.url, { method: 'POST', headers, body });
    expect((await post(`{"a":"${'x'.repeat(17 * 1024 * 1024)}"}`)).status).toBe(413);
    const nested = `${'{"L":['.repeat(100_000)}${']}'.repeat(100_000)}`;
    const answer = await post(`{"TableName":"${database.rooms}","Item":{"id":{"S":"a"},"a":${nested}}}`);
    expect([400, 500]).toContain(answer.status);
    expect(await itemsOf(database, database.rooms)).toEqual([]);
  });
});
