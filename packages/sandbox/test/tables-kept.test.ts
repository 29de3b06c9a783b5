import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { openApp, type AppOptions } from './open-app.ts';

const manifest = '@app\ntestapp\n@ws\n@tables\nrooms\n  id *String\n';
const handler = { 'src/ws/default/index.js': 'exports.handler = async () => {}' };

function clientOf(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'other', secretAccessKey: 'key' };
  return new DynamoDBClient({ endpoint, region: 'us-west-2', credentials, maxAttempts: 1 });
}

async function nameOf(client: DynamoDBClient, part = 'Rooms'): Promise<string> {
  const { TableNames: names = [] } = await client.send(new ListTablesCommand({}));
  return names.find((name) => name.includes(part)) ?? '';
}

/** The table's name as a function finds it. */
async function currentName(url: string): Promise<string> {
  const credentials = { accessKeyId: 'other', secretAccessKey: 'key' };
  const client = new SSMClient({ endpoint: url, region: 'us-west-2', credentials });
  const found = await client.send(new GetParameterCommand({ Name: '/TestappTesting/tables/rooms' }));
  return found.Parameter?.Value ?? '';
}

async function idsIn(client: DynamoDBClient, TableName: string): Promise<string[]> {
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName }));
  return items.map(({ id }) => id?.S ?? '').toSorted();
}

const withKey = (key: string) => ({ ...handler, 'app.arc': manifest.replace('id *String', `${key} *String`) });

async function openFolder() {
  const projectDir = await mkdtemp(join(tmpdir(), 'furrow-kept-'));
  return {
    projectDir,
    [Symbol.asyncDispose]: () => rm(projectDir, { recursive: true, force: true }),
  };
}

describe('items', () => {
  test.for<{ why: string; options: AppOptions; files: Record<string, string>; ids: string[] }>([
    { why: 'are gone when the sandbox ends', options: {}, files: {}, ids: [] },
    { why: 'are kept with --persist', options: { flags: { persist: true } }, files: {}, ids: ['a'] },
    {
      why: 'are kept by preference',
      options: {},
      files: { 'preferences.arc': '@sandbox\npersist true\n' },
      ids: ['a'],
    },
    { why: 'are kept by prefs.arc', options: {}, files: { 'prefs.arc': '@sandbox\npersist true\n' }, ids: ['a'] },
  ])('$why', async ({ options, files, ids }) => {
    await using folder = await openFolder();
    const all = { 'app.arc': manifest, ...handler, ...files };
    {
      await using app = await openApp(all, { ...options, ...folder });
      const client = clientOf(app.sandbox.url);
      await client.send(new PutItemCommand({ TableName: await nameOf(client), Item: { id: { S: 'a' } } }));
    }
    // Another table, and an index for the one that is there.
    const more = `${manifest}users\n  id *String\n@tables-indexes\nrooms\n  owner *String\n  name by-owner\n`;
    await using app = await openApp({ ...all, 'app.arc': more }, { ...options, ...folder });
    const client = clientOf(app.sandbox.url);
    expect(await idsIn(client, await nameOf(client))).toEqual(ids);
    const changes = app.events.filter(({ type }) => type === 'tablesChanged');
    expect(changes).toMatchObject(ids.length === 0 ? [] : [{ made: ['users'], indexed: ['rooms by-owner'] }]);
  });

  test('of a table that gets other keys are there again with the old ones', async () => {
    await using folder = await openFolder();
    const flags = { persist: true };
    const idsWith = async (key: string, id?: string) => {
      await using app = await openApp(withKey(key), { flags, ...folder });
      const client = clientOf(app.sandbox.url);
      const TableName = await currentName(app.sandbox.url);
      if (id !== undefined)
        await client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, [key]: { S: id } } }));
      return await idsIn(client, TableName);
    };
    expect(await idsWith('id', 'a')).toEqual(['a']);
    expect(await idsWith('key', 'b')).toEqual(['b']);
    expect(await idsWith('id')).toEqual(['a']);
  });

  test('cannot be kept by two sandboxes at once', async () => {
    await using folder = await openFolder();
    await using _ = await openApp({ 'app.arc': manifest, ...handler }, { flags: { persist: true }, ...folder });
    const second = openApp({ 'app.arc': manifest, ...handler }, { flags: { persist: true }, ...folder });
    await expect(second).rejects.toMatchObject({ code: 'TABLES_DATA_UNUSABLE' });
  });

  test('and are damaged are named with their line', async () => {
    await using folder = await openFolder();
    const open = () => openApp({ 'app.arc': manifest, ...handler }, { flags: { persist: true }, ...folder });
    await (await open())[Symbol.asyncDispose]();
    const file = join(folder.projectDir, '.furrow/data/items.jsonl');
    const kept = await readFile(file, 'utf8');
    await appendFile(file, 'garbage\n');
    const line = kept.split('\n').length;
    await expect(open()).rejects.toMatchObject({
      code: 'TABLES_DATA_DAMAGED',
      message: expect.stringContaining(`Line ${line} of ${file}`),
    });
    await writeFile(file, kept);
    await using _ = await open();
  });
});

test('a DynamoDB of others gets the tables, and their indexes later', async () => {
  const other = '@app\nother\n@ws\n@tables\nthings\n  id *String\n';
  await using database = await openApp({ 'app.arc': other, ...handler });
  const externalDb = database.sandbox.url;
  const client = clientOf(externalDb);
  await using folder = await openFolder();
  {
    await using _ = await openApp({ 'app.arc': manifest, ...handler }, { flags: { externalDb }, ...folder });
    const TableName = await nameOf(client);
    expect(TableName).toMatch(/^TestappTesting-RoomsTable-/);
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, owner: { S: 'ann' } } }));
  }
  const indexed = `${manifest}  expires TTL\n@tables-indexes\nrooms\n  owner *String\n  name by-owner\n`;
  const files = { 'app.arc': indexed, ...handler, 'preferences.arc': `@sandbox\nexternal-db ${externalDb}\n` };
  await using app = await openApp(files, folder);
  expect(app.events.filter(({ type }) => type === 'tablesChanged')).toMatchObject([
    { made: [], indexed: ['rooms by-owner'] },
  ]);
  const TableName = await nameOf(client);
  const { Items: items } = await client.send(new ScanCommand({ TableName, IndexName: 'by-owner' }));
  expect(items).toEqual([{ id: { S: 'a' }, owner: { S: 'ann' } }]);
  // The sandbox leads there too.
  expect(await idsIn(clientOf(app.sandbox.url), TableName)).toEqual(['a']);
});

test('a DynamoDB that does not answer is said', async () => {
  const server = createServer((socket) => socket.end('no HTTP')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const opening = openApp({ 'app.arc': manifest, ...handler }, { flags: { externalDb: `http://127.0.0.1:${port}` } });
  await expect(opening).rejects.toMatchObject({ code: 'EXTERNAL_DB_UNREACHABLE' });
  server.close();
});

describe('an index', () => {
  test.for([
    {
      why: 'that is there',
      update: { Create: { IndexName: 'by-owner', KeySchema: [], Projection: {} } },
      error: { name: 'ValidationException', message: 'Attempting to create an index which already exists' },
    },
    {
      why: 'without keys',
      update: { Create: { IndexName: 'other', KeySchema: [], Projection: { ProjectionType: 'ALL' as const } } },
      error: { name: 'ValidationException' },
    },
    {
      why: 'that is not there, to be deleted',
      update: { Delete: { IndexName: 'other' } },
      error: { name: 'ResourceNotFoundException' },
    },
  ])('$why is refused', async ({ update, error }) => {
    const files = { 'app.arc': `${manifest}@tables-indexes\nrooms\n  owner *String\n  name by-owner\n`, ...handler };
    await using app = await openApp(files);
    const client = clientOf(app.sandbox.url);
    const TableName = await nameOf(client);
    const call = client.send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [update] }));
    await expect(call).rejects.toMatchObject(error);
    expect((await client.send(new ScanCommand({ TableName, IndexName: 'by-owner' }))).Count).toBe(0);
  });
});

describe('a seed file', () => {
  const json = JSON.stringify({ rooms: [{ id: 'a', list: [1] }, { id: 'b' }, { other: 1 }], nowhere: [] });

  test.for<{ why: string; files: Record<string, string>; seeded: object; ids: string[] }>([
    {
      why: 'of JSON',
      files: { 'sandbox-seed.json': json, 'sandbox-seed.js': 'module.exports = {}' },
      seeded: {
        file: 'sandbox-seed.json',
        items: 2,
        faults: [
          'nowhere: the app has no such table.',
          'rooms[2]: One or more parameter values were invalid: Missing the key id in the item',
        ],
      },
      ids: ['a', 'b'],
    },
    {
      why: 'of JavaScript',
      files: { 'sandbox-seed.js': 'module.exports = { rooms: [{ id: "c", set: new Set([1]) }] }' },
      seeded: { file: 'sandbox-seed.js', items: 1, faults: [] },
      ids: ['c'],
    },
    {
      why: 'that preferences name',
      files: {
        'preferences.arc': '@sandbox\nseed-data data/seed.mjs\n',
        'data/seed.mjs': 'export default { rooms: [{ id: "d" }] }',
        'sandbox-seed.json': json,
      },
      seeded: { file: 'seed.mjs', items: 1, faults: [] },
      ids: ['d'],
    },
  ])('$why fills new tables', async ({ files, seeded, ids }) => {
    await using app = await openApp({ 'app.arc': manifest, ...handler, ...files });
    const client = clientOf(app.sandbox.url);
    expect(await idsIn(client, await nameOf(client))).toEqual(ids);
    expect(app.events.filter(({ type }) => type === 'seeded')).toMatchObject([seeded]);
  });

  test('does not touch tables that are there', async () => {
    await using folder = await openFolder();
    const files = { 'app.arc': manifest, ...handler, 'sandbox-seed.json': '{ "rooms": [{ "id": "a" }] }' };
    const flags = { persist: true };
    {
      await using app = await openApp(files, { flags, ...folder });
      expect(app.events.filter(({ type }) => type === 'seeded')).toHaveLength(1);
      const client = clientOf(app.sandbox.url);
      await client.send(
        new PutItemCommand({ TableName: await nameOf(client), Item: { id: { S: 'a' }, own: { S: 'x' } } }),
      );
    }
    await using app = await openApp(files, { flags, ...folder });
    const client = clientOf(app.sandbox.url);
    const { Items: items } = await client.send(new ScanCommand({ TableName: await nameOf(client) }));
    expect(items).toEqual([{ id: { S: 'a' }, own: { S: 'x' } }]);
    expect(app.events.filter(({ type }) => type === 'seeded')).toEqual([]);
  });

  test.for<{ why: string; files: Record<string, string> }>([
    { why: 'that is no JSON', files: { 'sandbox-seed.json': '{ rooms: [' } },
    { why: 'that throws', files: { 'sandbox-seed.js': 'throw new Error("no")' } },
    { why: 'that is named and not there', files: { 'preferences.arc': '@sandbox\nseed-data nowhere.json\n' } },
  ])('$why is said', async ({ files }) => {
    const opening = openApp({ 'app.arc': manifest, ...handler, ...files });
    await expect(opening).rejects.toMatchObject({ code: 'SEED_UNREADABLE' });
  });

  test('that asks for the library of handlers is told how it gets one', async () => {
    const seed = `module.exports = require('@architect/functions');`;
    const opening = openApp({ 'app.arc': manifest, ...handler, 'sandbox-seed.js': seed });
    await expect(opening).rejects.toMatchObject({
      code: 'SEED_UNREADABLE',
      fix: expect.stringContaining('"@furrow/functions"'),
    });
  });
});
