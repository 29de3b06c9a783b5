import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { openConnection } from '../../../test/support/connection.ts';
import { openApp, type AppOptions } from './open-app.ts';

const manifest = `@app
testapp
@ws
@tables
rooms
  id *String
  at **Number
  expires TTL
users
  email *String
@tables-indexes
rooms
  owner *String
  name by-owner
rooms
  owner *String
  at **Number
  name keys-only
  projection keys
rooms
  kind *String
  name some
  projection title
@aws
# SDKs are large, and a machine may be busy.
timeout 30
`;

/** Runs what the message says with Architect's library. */
const libraryHandler = `
const arc = require('@architect/functions');
exports.handler = async (event) => {
  const tables = await arc.tables();
  const { table, call, input } = JSON.parse(event.body);
  const payload = await tables[table][call](input).then(
    (value) => ({ value }),
    (error) => ({ name: error.name ?? error.code, message: error.message }),
  );
  await arc.ws.send({ id: event.requestContext.connectionId, payload });
  return { statusCode: 200 };
};`;

const sdkHandler = `
const { DynamoDBClient, ...dynamo } = require('@aws-sdk/client-dynamodb');
const { SSMClient, GetParameterCommand } = require('@aws-sdk/client-ssm');
const arc = require('@architect/functions');
const client = new DynamoDBClient({});
const names = {};
const nameOf = async (table) => {
  const Name = '/' + process.env.AWS_CLOUDFORMATION + '/tables/' + table;
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name }));
  return Parameter.Value;
};
exports.handler = async (event) => {
  const { call, table, input } = JSON.parse(event.body);
  const TableName = await (names[table] ??= nameOf(table));
  const payload = await client.send(new dynamo[call + 'Command']({ TableName, ...input })).then(
    ({ $metadata, ...output }) => output,
    ({ name, message, $metadata }) => ({ name, message, status: $metadata?.httpStatusCode }),
  );
  await arc.ws.send({ id: event.requestContext.connectionId, payload });
  return { statusCode: 200 };
};`;

const sdkPackages = {
  '@aws-sdk/client-dynamodb': '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-ssm': '@aws-sdk/client-ssm',
};

/** The app above with a handler, and a connection that asks it. */
async function openTables(handler: string, options: AppOptions & { readonly files?: Record<string, string> } = {}) {
  const { files, ...rest } = options;
  const app = await openApp({ 'app.arc': manifest, 'src/ws/default/index.js': handler, ...files }, rest);
  const connection = await openConnection(app.url);
  return {
    app,
    ask: (message: object) => connection.ask(message),
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    },
  };
}

const query = (IndexName: string, name: string, value: string) => ({
  IndexName,
  KeyConditionExpression: '#key = :value',
  ExpressionAttributeNames: { '#key': name },
  ExpressionAttributeValues: { ':value': value },
});

describe.for([
  { library: 'the library that comes along', packages: {} },
  { library: 'Architect’s 8', packages: { '@architect/functions': 'architect-functions' } },
  {
    library: 'Architect’s 5',
    packages: { '@architect/functions': 'architect-functions-5', '@aws-sdk/lib-dynamodb': '@aws-sdk/lib-dynamodb' },
  },
])('arc.tables() of $library', ({ packages }) => {
  test.for([{ isStrict: false }, { isStrict: true }])(
    'puts, gets, queries, strict: $isStrict',
    async ({ isStrict }) => {
      await using tables = await openTables(libraryHandler, {
        packages: { ...sdkPackages, ...packages },
        flags: { isStrict },
      });
      const { ask } = tables;
      const item = { id: 'a', at: 1, owner: 'ann', kind: 'k', title: 't', nested: { list: [1, 'two', null, true] } };
      expect(await ask({ table: 'rooms', call: 'put', input: item })).toEqual({ value: item });
      await ask({ table: 'rooms', call: 'put', input: { ...item, at: 2, owner: 'bob' } });
      expect(await ask({ table: 'rooms', call: 'get', input: { id: 'a', at: 1 } })).toEqual({ value: item });

      expect(await ask({ table: 'rooms', call: 'query', input: query('by-owner', 'owner', 'ann') })).toMatchObject({
        value: { Items: [item] },
      });
      expect(await ask({ table: 'rooms', call: 'query', input: query('keys-only', 'owner', 'bob') })).toMatchObject({
        value: { Items: [{ id: 'a', at: 2, owner: 'bob' }] },
      });
      const some = (await ask({ table: 'rooms', call: 'query', input: query('some', 'kind', 'k') })) as {
        value: { Items: { at: number }[] };
      };
      // Without a sort key they come in any order.
      expect(some.value.Items.toSorted((a, b) => a.at - b.at)).toEqual(
        [1, 2].map((at) => ({ id: 'a', at, kind: 'k', title: 't' })),
      );
      expect(await ask({ table: 'users', call: 'scan', input: {} })).toMatchObject({ value: { Items: [], Count: 0 } });
      await ask({ table: 'rooms', call: 'delete', input: { id: 'a', at: 1 } });
      expect(await ask({ table: 'rooms', call: 'scan', input: {} })).toMatchObject({ value: { Count: 1 } });
    },
  );
});

describe('the AWS SDK', () => {
  test('finds the tables by SSM, and they are as a deploy makes them', async () => {
    await using tables = await openTables(sdkHandler, { packages: sdkPackages });
    const { Table: table } = (await tables.ask({ call: 'DescribeTable', table: 'rooms', input: {} })) as {
      Table: { TableName: string; GlobalSecondaryIndexes: { IndexName: string }[] };
    };
    expect(table).toMatchObject({
      TableName: expect.stringMatching(/^TestappTesting-RoomsTable-[0-9A-Z]{13}$/),
      TableStatus: 'ACTIVE',
      TableArn: expect.stringMatching(/^arn:aws:dynamodb:us-west-2:123456789012:table\/TestappTesting-RoomsTable-/),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
    });
    expect(table.GlobalSecondaryIndexes.map(({ IndexName }) => IndexName).toSorted()).toEqual([
      'by-owner',
      'keys-only',
      'some',
    ]);
    expect(await tables.ask({ call: 'DescribeTimeToLive', table: 'rooms', input: {} })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' },
    });
    expect(await tables.ask({ call: 'DescribeTimeToLive', table: 'users', input: {} })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' },
    });
    expect(await tables.ask({ call: 'GetItem', table: 'rooms', input: { Key: { id: { S: 'x' } } } })).toEqual({
      name: 'ValidationException',
      message: 'The provided key element does not match the schema',
      status: 400,
    });
  });
});

const oldSdkHandler = `
const DynamoDB = require('aws-sdk/clients/dynamodb');
const arc = require('@architect/functions');
const client = new DynamoDB.DocumentClient({ endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB });
exports.handler = async (event) => {
  const { tables } = await arc.services();
  const Item = JSON.parse(event.body);
  await client.put({ TableName: tables.users, Item }).promise();
  const payload = await client.scan({ TableName: tables.users }).promise();
  await arc.ws.send({ id: event.requestContext.connectionId, payload });
  return { statusCode: 200 };
};`;

test('version 2 of the AWS SDK reaches them by the same variable', async () => {
  await using tables = await openTables(oldSdkHandler, {
    packages: { 'aws-sdk': 'aws-sdk' },
    flags: { isStrict: true },
  });
  const item = { email: 'é', list: [1, { two: [true, null] }] };
  expect(await tables.ask(item)).toEqual({ Items: [item], Count: 1, ScannedCount: 1 });
});

test('a table and an index that are added to the manifest are there at once, and no item is lost', async () => {
  const before = '@app\ntestapp\n@ws\n@tables\nrooms\n  id *String\n';
  await using tables = await openTables(sdkHandler, {
    packages: sdkPackages,
    files: { 'app.arc': before },
    isWatching: true,
  });
  const { app, ask } = tables;
  await app.sandbox.watching;
  const put = (Item: object, table = 'rooms') => ask({ call: 'PutItem', table, input: { Item } });
  expect(await put({ id: { S: 'a' }, owner: { S: 'ann' } })).toEqual({});
  // Of another type than the index is of: in no index, as on AWS.
  await put({ id: { S: 'b' }, owner: { N: '1' } });
  await app.save(
    'app.arc',
    `${before}users\n  email *String\n@tables-indexes\nrooms\n  owner *String\n  name by-owner\n`,
  );
  await expect.poll(() => app.events.filter(({ type }) => type === 'manifestChanged')).toHaveLength(1);
  expect(app.events.filter(({ type }) => type === 'tablesChanged')).toMatchObject([
    { made: ['users'], indexed: ['rooms by-owner'], dropped: [] },
  ]);
  expect(await put({ email: { S: 'e' } }, 'users')).toEqual({});
  await put({ id: { S: 'c' }, owner: { S: 'ann' } });
  const input = {
    IndexName: 'by-owner',
    KeyConditionExpression: '#key = :value',
    ExpressionAttributeNames: { '#key': 'owner' },
    ExpressionAttributeValues: { ':value': { S: 'ann' } },
  };
  expect(await ask({ call: 'Query', table: 'rooms', input })).toMatchObject({ Count: 2 });
  expect(await ask({ call: 'Scan', table: 'rooms', input: {} })).toMatchObject({ Count: 3 });

  await app.save('app.arc', before);
  await expect.poll(() => app.events.filter(({ type }) => type === 'manifestChanged')).toHaveLength(2);
  expect(app.events.filter(({ type }) => type === 'tablesChanged').at(-1)).toMatchObject({
    made: [],
    indexed: [],
    dropped: ['rooms by-owner'],
  });
  expect(await ask({ call: 'Query', table: 'rooms', input })).toMatchObject({ name: 'ValidationException' });
  expect(await ask({ call: 'Scan', table: 'rooms', input: {} })).toMatchObject({ Count: 3 });
});

const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('/dynalite/'));

test('an app without tables starts no database, and loads none until it gets its first table', async () => {
  // This file's own apps have loaded it.
  for (const file of loaded()) delete createRequire(import.meta.url).cache[file];
  const report = `
const arc = require('@architect/functions');
exports.handler = async (event) => {
  const payload = { url: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? null, ports: JSON.parse(process.env.ARC_SANDBOX).ports };
  await arc.ws.send({ id: event.requestContext.connectionId, payload });
  return { statusCode: 200 };
};`;
  await using app = await openApp({ 'src/ws/default/index.js': report }, { isWatching: true });
  await using connection = await openConnection(app.url);
  await app.sandbox.watching;
  const port = Number(new URL(app.sandbox.url).port);
  expect(await connection.ask({})).toEqual({ url: null, ports: { http: port, _arc: port } });
  expect(loaded()).toEqual([]);
  await app.save('app.arc', '@app\ntestapp\n@ws\n@tables\nrooms\n  id *String\n');
  await expect
    .poll(() => connection.ask({}))
    .toEqual({
      url: app.sandbox.url,
      ports: { http: port, _arc: port, tables: port },
    });
  expect(loaded()).not.toEqual([]);
});
