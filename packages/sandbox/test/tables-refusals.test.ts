import {
  BatchWriteItemCommand,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { openApp } from './open-app.ts';

const manifest = `@app
testapp
@ws
@tables
users
  email *String
@tables-indexes
users
  account *String
  name b-account
users
  team *String
  account **String
  name a-team
`;

async function openUsers() {
  const app = await openApp({ 'app.arc': manifest, 'src/ws/default/index.js': 'exports.handler = async () => {}' });
  const client = new DynamoDBClient({
    endpoint: app.sandbox.url,
    region: 'us-west-2',
    credentials: { accessKeyId: 'other', secretAccessKey: 'key' },
    maxAttempts: 1,
  });
  const { TableNames: [TableName = ''] = [] } = await client.send(new ListTablesCommand({}));
  const before = { email: { S: 'e' }, team: { S: 't' }, account: { S: 'a' }, blank: { S: '' }, deep: deep(31) };
  await client.send(new PutItemCommand({ TableName, Item: before }));
  return {
    client,
    TableName,
    before,
    itemsOf: async (IndexName?: string) => (await client.send(new ScanCommand({ TableName, IndexName }))).Items,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await app[Symbol.asyncDispose]();
    },
  };
}

/** So many maps and lists around a text, which is a level of its own. */
function deep(wraps: number): AttributeValue {
  if (wraps === 0) return { S: 'leaf' };
  return wraps % 2 === 0 ? { M: { n: deep(wraps - 1) } } : { L: [deep(wraps - 1)] };
}

type Users = Awaited<ReturnType<typeof openUsers>>;

const item = (more: Record<string, AttributeValue>) => ({ email: { S: 'e2' }, ...more });
const Key = { email: { S: 'e' } };

const emptyItem =
  'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: a-team, IndexKey: account';
const emptyUpdate =
  'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.';
const tooDeep =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';

const update = (UpdateExpression: string, value?: AttributeValue) => ({
  Key,
  UpdateExpression,
  ...(value !== undefined && { ExpressionAttributeValues: { ':v': value } }),
});
const cancelled = {
  name: 'TransactionCanceledException',
  CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
};

test.for<{ why: string; act: (users: Users) => Promise<unknown>; is: object }>([
  {
    why: 'an empty index key that is put',
    act: ({ client, TableName }) => client.send(new PutItemCommand({ TableName, Item: item({ account: { S: '' } }) })),
    is: { name: 'ValidationException', message: emptyItem },
  },
  {
    why: 'an empty index key in a batch',
    act: ({ client, TableName }) => {
      const items = [{ email: { S: 'fine' } }, item({ account: { S: '' } })];
      const RequestItems = { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) };
      return client.send(new BatchWriteItemCommand({ RequestItems }));
    },
    is: { name: 'ValidationException', message: emptyItem },
  },
  {
    why: 'an empty index key that is put in a transaction',
    act: (users) => transact(users, { Put: { TableName: users.TableName, Item: item({ account: { S: '' } }) } }),
    is: { name: 'ValidationException', message: emptyItem },
  },
  {
    why: 'an update to an empty index key',
    act: ({ client, TableName }) =>
      client.send(new UpdateItemCommand({ TableName, ...update('SET account = :v, x = :v', { S: '' }) })),
    is: { name: 'ValidationException', message: emptyUpdate },
  },
  {
    why: 'an update to an empty index key from elsewhere in the item',
    act: ({ client, TableName }) => client.send(new UpdateItemCommand({ TableName, ...update('SET team = blank') })),
    is: { name: 'ValidationException', message: emptyUpdate },
  },
  {
    why: 'an update without an expression',
    act: ({ client, TableName }) =>
      client.send(new UpdateItemCommand({ TableName, Key, AttributeUpdates: { account: { Value: { S: '' } } } })),
    is: { name: 'ValidationException', message: emptyUpdate },
  },
  {
    why: 'an update to an empty index key in a transaction',
    act: (users) =>
      transact(users, { Update: { TableName: users.TableName, ...update('SET account = :v', { S: '' }) } }),
    is: { name: 'ValidationException', message: emptyUpdate },
  },
  {
    why: 'an update that a transaction finds only when it writes',
    act: (users) => transact(users, { Update: { TableName: users.TableName, ...update('SET team = blank') } }),
    is: cancelled,
  },
  {
    why: 'more than 32 levels that are put',
    act: ({ client, TableName }) => client.send(new PutItemCommand({ TableName, Item: item({ x: deep(32) }) })),
    is: { name: 'ValidationException', message: tooDeep },
  },
  {
    why: 'more than 32 levels that are put in a transaction',
    act: (users) => transact(users, { Put: { TableName: users.TableName, Item: item({ x: deep(32) }) } }),
    is: { name: 'ValidationException', message: tooDeep },
  },
  {
    why: 'an update that makes more than 32 levels of what is there',
    act: ({ client, TableName }) =>
      client.send(new UpdateItemCommand({ TableName, ...update('SET deep[0] = :v', deep(31)) })),
    is: { name: 'ValidationException', message: tooDeep },
  },
  {
    why: 'an update of a transaction to more than 32 levels',
    act: (users) => transact(users, { Update: { TableName: users.TableName, ...update('SET x = :v', deep(32)) } }),
    is: cancelled,
  },
])('$why is refused, and nothing is written', async ({ act, is }) => {
  await using users = await openUsers();
  await expect(act(users)).rejects.toMatchObject(is);
  expect(await users.itemsOf()).toEqual([users.before]);
  expect(await users.itemsOf('a-team')).toEqual([users.before]);
  expect(await users.itemsOf('b-account')).toEqual([users.before]);
});

/** A write that could be done comes first. */
function transact({ client, TableName }: Users, step: object): Promise<unknown> {
  const first = { Put: { TableName, Item: { email: { S: 'first' } } } };
  return client.send(new TransactWriteItemsCommand({ TransactItems: [first, step] }));
}

test('an item that was there before its index can be changed elsewhere', async () => {
  await using users = await openUsers();
  const { client, TableName } = users;
  await client.send(
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'blank', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'by-blank',
            KeySchema: [{ AttributeName: 'blank', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        },
      ],
    }),
  );
  await client.send(new UpdateItemCommand({ TableName, ...update('SET x = :v', { S: '' }) }));
  expect(await users.itemsOf()).toMatchObject([{ x: { S: '' } }]);
});
