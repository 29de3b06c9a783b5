import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { openConnection } from '../../../test/support/connection.ts';
import { openApp } from './open-app.ts';

const manifest =
  '@app\ntestapp\n@ws\n@tables\nrooms\n  id *String\n  expires TTL\nother\n  id *String\n@tables-streams\nrooms\n';

/** Tells the one connection of each change, as its name, its id and its images. */
const teller = `
const arc = require('@architect/functions');
const fs = require('node:fs');
exports.handler = async ({ Records }) => {
  const id = fs.readFileSync(process.env.ARC_STATIC_BUCKET + '/id', 'utf8');
  const changes = Records.map(({ eventName, userIdentity, dynamodb: { Keys, NewImage, OldImage } }) => {
    return [eventName, Keys.id.S, OldImage?.value?.N ?? null, NewImage?.value?.N ?? null, userIdentity?.type ?? null];
  });
  await arc.ws.send({ id, payload: changes });
};`;
const connect = `
const fs = require('node:fs');
exports.handler = async ({ requestContext }) => {
  fs.mkdirSync(process.env.ARC_STATIC_BUCKET, { recursive: true });
  fs.writeFileSync(process.env.ARC_STATIC_BUCKET + '/id', requestContext.connectionId);
  return { statusCode: 200 };
};`;

async function openStreams(stream = teller, text = manifest) {
  const files = {
    'app.arc': text,
    'src/ws/connect/index.js': connect,
    'src/ws/default/index.js': 'exports.handler = async () => {}',
    'src/tables-streams/rooms/index.js': stream,
  };
  const app = await openApp(files, { isWatching: true });
  const credentials = { accessKeyId: 'other', secretAccessKey: 'key' };
  const client = new DynamoDBClient({ endpoint: app.sandbox.url, region: 'us-west-2', credentials, maxAttempts: 1 });
  const { TableNames: names = [] } = await client.send(new ListTablesCommand({}));
  const connection = await openConnection(app.url);
  return {
    app,
    client,
    connection,
    rooms: names.find((name) => name.includes('Rooms')) ?? '',
    other: names.find((name) => name.includes('Other')) ?? '',
    changes: () => connection.messages.flat(),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await connection[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    },
  };
}

const item = (id: string, value: number) => ({ id: { S: id }, value: { N: String(value) } });

test('every change of an item runs the function, in their order', async () => {
  await using streams = await openStreams();
  const { client, rooms: TableName, other } = streams;
  const isTaken = { ConditionExpression: 'attribute_not_exists(id)' };
  await client.send(new PutItemCommand({ TableName, Item: item('a', 1) }));
  await client.send(new PutItemCommand({ TableName: other, Item: item('x', 1) }));
  await client.send(new PutItemCommand({ TableName, Item: item('a', 1) }));
  await client.send(new PutItemCommand({ TableName, Item: item('a', 9), ...isTaken })).catch(() => {});
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key: { id: { S: 'a' } },
      UpdateExpression: 'SET #value = #value + :one',
      ExpressionAttributeNames: { '#value': 'value' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  await client.send(
    new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ DeleteRequest: { Key: { id: { S: 'a' } } } }] } }),
  );
  await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: 'a' } } }));
  const put = (id: string, more: object = {}) => ({ Put: { TableName, Item: item(id, 1), ...more } });
  await client.send(new TransactWriteItemsCommand({ TransactItems: [put('b'), put('c')] }));
  const cancelled = client.send(new TransactWriteItemsCommand({ TransactItems: [put('d'), put('b', isTaken)] }));
  await expect(cancelled).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: 'b' } } }));
  await expect.poll(() => streams.changes()).toHaveLength(6);
  expect(streams.changes()).toEqual([
    ['INSERT', 'a', null, '1', null],
    ['MODIFY', 'a', '1', '2', null],
    ['REMOVE', 'a', '2', null, null],
    ['INSERT', 'b', null, '1', null],
    ['INSERT', 'c', null, '1', null],
    ['REMOVE', 'b', '1', null, null],
  ]);
});

test('a transaction that is taken back has changed nothing', async () => {
  await using streams = await openStreams();
  const { client, rooms: TableName } = streams;
  await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'text' }, value: { S: 'x' } } }));
  const add = {
    Update: {
      TableName,
      Key: { id: { S: 'text' } },
      UpdateExpression: 'ADD #value :one',
      ExpressionAttributeNames: { '#value': 'value' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  };
  const call = client.send(
    new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: item('a', 1) } }, add] }),
  );
  await expect(call).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  await client.send(new PutItemCommand({ TableName, Item: item('last', 1) }));
  await expect.poll(() => streams.changes().length).toBe(2);
  expect(streams.changes().map((change) => (change as string[])[1])).toEqual(['text', 'last']);
});

test('an item that expires is a change by DynamoDB itself', async () => {
  await using streams = await openStreams();
  const expires = { N: String(Math.floor(Date.now() / 1000) - 10) };
  await streams.client.send(new PutItemCommand({ TableName: streams.rooms, Item: { ...item('a', 1), expires } }));
  await expect
    .poll(() => streams.changes(), { timeout: 15_000 })
    .toEqual([
      ['INSERT', 'a', null, '1', null],
      ['REMOVE', 'a', '1', null, 'Service'],
    ]);
});

test('a batch that fails comes again until its function is mended, and those behind it wait', async () => {
  const broken = 'exports.handler = async () => { throw new Error("not yet"); };';
  await using streams = await openStreams(broken);
  const { app, client, rooms: TableName } = streams;
  await app.sandbox.watching;
  for (const value of [1, 2, 3]) {
    // oxlint-disable-next-line no-await-in-loop -- their order is what is tested
    await client.send(new PutItemCommand({ TableName, Item: item('a', value) }));
  }
  const runs = () => app.events.filter((event) => event.type === 'background');
  await expect.poll(() => runs().length).toBeGreaterThan(0);
  expect(runs()[0]).toMatchObject({ label: 'stream rooms', attempt: 1, givenUp: 0, againInMs: 1000 });
  expect(streams.changes()).toEqual([]);
  await app.save('src/tables-streams/rooms/index.js', teller);
  await expect.poll(() => streams.changes(), { timeout: 15_000 }).toHaveLength(3);
  expect(streams.changes().map((change) => (change as string[])[3])).toEqual(['1', '2', '3']);
});

test('a stream that is added to the manifest begins with the next change', async () => {
  await using streams = await openStreams(teller, manifest.replace('@tables-streams\nrooms\n', ''));
  const { app, client, rooms: TableName } = streams;
  await app.sandbox.watching;
  await client.send(new PutItemCommand({ TableName, Item: item('before', 1) }));
  await app.save('app.arc', manifest);
  await expect.poll(() => app.events.filter(({ type }) => type === 'manifestChanged')).toHaveLength(1);
  await client.send(new PutItemCommand({ TableName, Item: item('after', 1) }));
  await expect.poll(() => streams.changes()).toEqual([['INSERT', 'after', null, '1', null]]);
});
