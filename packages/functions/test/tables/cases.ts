// What apps do with their tables, as they write it: without types.
/* oxlint-disable typescript/no-explicit-any, eslint/no-underscore-dangle */

/** What `@architect/functions` is, as JavaScript sees it. */
export interface Arc {
  readonly tables: any;
}

type Version = 5 | 8;

export interface Case {
  readonly why: string;
  run(db: any, arc: Arc): Promise<unknown>;
  /** Versions of Architect's library whose outcome is another one, and why so. */
  readonly differs?: Partial<Record<Version, string>>;
  /** Our outcome as text, where neither version has it. */
  readonly gives?: string;
  /** The only emulator that has what this asks for. */
  readonly needs?: 'MiniStack';
}

const callback = (begin: (done: (...outcome: unknown[]) => void) => unknown): Promise<unknown> =>
  new Promise((resolve) => {
    const returned = begin((...outcome) => resolve(outcome));
    if (returned !== undefined) resolve({ returned });
  });

const since5 = 'has no scanAll';
const rawKeys = 'a cursor is a plain object there';
const bytes = 'writes bytes as the JSON of a Buffer, which DynamoDB refuses';

async function fill(db: any, room: string, count: number): Promise<void> {
  for (let at = 1; at <= count; at += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await db.rooms.put({ room, at, name: `${room}-${at % 2}` });
  }
}

const inRoom = (room: string) => ({
  KeyConditionExpression: 'room = :room',
  ExpressionAttributeValues: { ':room': room },
});

export const cases: readonly Case[] = [
  { why: 'the tables', run: async (db) => Object.keys(db).toSorted() },
  { why: 'reflect', run: (db) => db.reflect() },
  { why: 'name', run: async (db) => [db.name('things'), db._name('rooms'), db.name('none')] },
  { why: 'the same object for all calls', run: async (db, arc) => db === (await arc.tables()) },

  {
    why: 'put gives back the very item',
    run: async (db) => {
      const item = { id: 'same' };
      return (await db.things.put(item)) === item;
    },
  },
  {
    why: 'put, then get',
    async run(db) {
      const item = {
        id: 'all kinds',
        number: 1.5,
        zero: -0,
        big: 12345678901234567890n,
        yes: true,
        nothing: null,
        empty: '',
        list: [1, 'a', null, [], {}],
        map: { a: { b: { c: 'd' } } },
        texts: new Set(['a', 'b']),
        numbers: new Set([1, 2]),
        S: 'an attribute that is called as a type is',
      };
      await db.things.put(item);
      return db.things.get({ id: item.id });
    },
  },
  {
    why: 'bytes',
    async run(db) {
      await db.things.put({ id: 'bytes', one: Buffer.from('ab'), set: new Set([new Uint8Array([1, 2])]) });
      return db.things.get({ id: 'bytes' });
    },
    differs: { 8: bytes },
  },
  {
    why: 'bytes as a key, over several pages',
    async run(db) {
      for (const byte of [1, 2, 3]) await db.blobs.put({ id: new Uint8Array([byte]) });
      const first = await db.blobs.scan({ Limit: 2 });
      const second = await db.blobs.scan({ ExclusiveStartKey: first.LastEvaluatedKey });
      return [first.Items.length, second.Items.length];
    },
    differs: { 8: bytes },
  },
  { why: 'get of what is not there', run: (db) => db.things.get({ id: 'none' }) },
  {
    why: 'delete',
    async run(db) {
      await db.things.put({ id: 'gone' });
      return [await db.things.delete({ id: 'gone' }), await db.things.get({ id: 'gone' })];
    },
  },
  { why: 'delete of what is not there', run: (db) => db.things.delete({ id: 'none' }) },
  {
    why: 'update',
    run: (db) =>
      db.things.update({
        Key: { id: 'counted' },
        UpdateExpression: 'ADD #count :one SET seen = :now',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':one': 1, ':now': 'today' },
      }),
  },
  {
    why: 'update with values',
    run: (db) =>
      db.things.update({
        Key: { id: 'valued' },
        UpdateExpression: 'SET a = :a',
        ExpressionAttributeValues: { ':a': { b: [1] } },
        ReturnValues: 'ALL_NEW',
      }),
  },
  {
    why: 'update without values',
    async run(db) {
      await db.things.put({ id: 'less', a: 1, b: 2 });
      await db.things.update({ Key: { id: 'less' }, UpdateExpression: 'REMOVE a' });
      return db.things.get({ id: 'less' });
    },
  },

  {
    why: 'query',
    async run(db) {
      await fill(db, 'hall', 3);
      return db.rooms.query({ ...inRoom('hall'), ScanIndexForward: false });
    },
  },
  {
    why: 'query of an index, with a filter and a projection',
    async run(db) {
      await fill(db, 'attic', 4);
      return db.rooms.query({
        IndexName: 'byName',
        KeyConditionExpression: '#name = :name',
        FilterExpression: '#at > :at',
        ProjectionExpression: '#at',
        ExpressionAttributeNames: { '#name': 'name', '#at': 'at' },
        ExpressionAttributeValues: { ':name': 'attic-1', ':at': 1 },
      });
    },
  },
  { why: 'query without a result', run: (db) => db.rooms.query(inRoom('none')) },
  {
    why: 'query, page by page',
    async run(db) {
      await fill(db, 'pages', 5);
      const found = [];
      let ExclusiveStartKey;
      do {
        // oxlint-disable-next-line no-await-in-loop
        const page: any = await db.rooms.query({
          ...inRoom('pages'),
          Limit: 2,
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        });
        found.push(page.Items.map(({ at }: any) => at));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
      return found;
    },
  },
  {
    why: 'a cursor',
    async run(db) {
      await fill(db, 'cursor', 2);
      return (await db.rooms.query({ ...inRoom('cursor'), Limit: 1 })).LastEvaluatedKey;
    },
    differs: { 5: rawKeys },
  },
  {
    why: 'a cursor that the app makes, as a plain object',
    async run(db) {
      await fill(db, 'plain', 3);
      const page = await db.rooms.query({ ...inRoom('plain'), ExclusiveStartKey: { room: 'plain', at: 2 } });
      return page.Items;
    },
    differs: { 8: 'takes cursors in the form of DynamoDB only' },
  },
  {
    why: 'a cursor that the app makes, as DynamoDB has it',
    async run(db) {
      await fill(db, 'raw', 3);
      const ExclusiveStartKey = { room: { S: 'raw' }, at: { N: '2' } };
      return (await db.rooms.query({ ...inRoom('raw'), ExclusiveStartKey })).Items;
    },
    differs: { 5: rawKeys },
  },
  {
    why: 'query of all pages',
    async run(db) {
      await fill(db, 'all', 3);
      return db.rooms.query({ ...inRoom('all'), Limit: 1, paginate: true });
    },
    differs: { 5: 'has no paginate' },
  },
  {
    why: 'query of all pages, one after the other',
    async run(db) {
      await fill(db, 'iterated', 3);
      const counts = [];
      for await (const page of await db.rooms.query({ ...inRoom('iterated'), Limit: 2, paginate: 'iterator' }))
        counts.push(page.Count);
      return counts;
    },
    differs: { 5: 'has no paginate' },
  },
  {
    why: 'a table that is called as a function is',
    run: async (db) => typeof db.name,
  },
  { why: 'scan without params', run: async (db) => (await db.data.scan()).Count },
  {
    why: 'scan with a filter',
    async run(db) {
      await fill(db, 'filtered', 2);
      const FilterExpression = 'room = :room and #at = :at';
      const ExpressionAttributeValues = { ':room': 'filtered', ':at': 2 };
      const page = await db.rooms.scan({
        FilterExpression,
        ExpressionAttributeValues,
        ExpressionAttributeNames: { '#at': 'at' },
      });
      return page.Items;
    },
  },
  {
    why: 'scanAll',
    async run(db) {
      await fill(db, 'everything', 3);
      const items = await db.rooms.scanAll({ Limit: 100 });
      return items.filter(({ room }: any) => room === 'everything').map(({ at }: any) => at);
    },
    differs: { 5: since5 },
  },
  {
    why: 'scanAll goes on after a page of which the filter leaves nothing',
    async run(db) {
      await fill(db, 'sparse', 3);
      const FilterExpression = 'room = :room and #at = :at';
      const ExpressionAttributeValues = { ':room': 'sparse', ':at': 3 };
      const ExpressionAttributeNames = { '#at': 'at' };
      return db.rooms.scanAll({ Limit: 1, FilterExpression, ExpressionAttributeValues, ExpressionAttributeNames });
    },
    differs: { 5: since5, 8: 'stops there' },
    gives: "[ { at: 3, name: 'sparse-1', room: 'sparse' } ]",
  },

  {
    why: 'callbacks',
    async run(db) {
      const key = { id: 'called' };
      const update = { Key: key, UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': 1 } };
      return [
        await callback((done) => db.things.put(key, done)),
        await callback((done) => db.things.get(key, done)),
        await callback((done) => db.things.update(update, done)),
        await callback((done) => db.things.delete(key, done)),
        await callback((done) => db.rooms.query(inRoom('none'), done)),
        await callback((done) => db.data.scan({}, done)),
        ((await callback((done) => db.things.query({}, done))) as any[]).length,
      ];
    },
  },
  {
    why: 'scanAll with a callback',
    run: (db) => callback((done) => db.data.scanAll({}, done)),
    differs: { 5: since5 },
  },
  {
    why: 'tables with a callback',
    run: async (_db, arc) => {
      const [error, db] = (await callback((done) => arc.tables(done))) as any[];
      return [error, db.name('things')];
    },
    differs: { 8: 'takes it for the options' },
  },
  {
    why: 'tables with options and a callback',
    run: async (_db, arc) => {
      const [error, db] = (await callback((done) => arc.tables({}, done))) as any[];
      return [error, db.name('things')];
    },
    differs: { 5: 'has no options' },
  },

  {
    why: 'a condition that fails',
    run: (db) =>
      db.things.update({
        Key: { id: 'never' },
        UpdateExpression: 'SET a = :a',
        ConditionExpression: 'attribute_exists(id)',
        ExpressionAttributeValues: { ':a': 1 },
      }),
  },
  { why: 'a key that is none', run: (db) => db.things.get({ wrong: 'x' }) },
  { why: 'a wrong expression', run: (db) => db.rooms.query({ KeyConditionExpression: 'room <' }) },
  {
    why: 'an item with undefined',
    async run(db) {
      await db.things.put({ id: 'undefined', a: undefined });
      return db.things.get({ id: 'undefined' });
    },
    differs: { 8: 'refuses it without an option' },
  },
  { why: 'an item with undefined deep inside', run: (db) => db.things.put({ id: 'x', a: { b: undefined } }) },
  {
    why: 'an item that is an instance of a class',
    async run(db) {
      class Thing {
        readonly id = 'instance';
      }
      await db.things.put(new Thing());
      return db.things.get({ id: 'instance' });
    },
    differs: { 8: 'refuses it without an option' },
  },
  {
    why: 'an item with a function, which is left out',
    run: (db) => db.things.put({ id: 'x', a: () => 1 }).then(() => 1),
  },
  {
    why: 'an item with an instance of a class',
    run: (db) => db.things.put({ id: 'x', at: new Date(0) }),
  },
  { why: 'an item with an empty set', run: (db) => db.things.put({ id: 'x', a: new Set() }) },
  {
    why: 'an item with an imprecise number',
    run: (db) => db.things.put({ id: 'x', a: 2 ** 60 }),
    differs: { 8: 'has older words for it' },
  },
  {
    why: 'options for undefined',
    async run(_db, arc) {
      const db = await arc.tables({
        awsjsonMarshall: { removeUndefinedValues: true, convertClassInstanceToMap: true },
      });
      await db.things.put({ id: 'left out', a: [undefined] });
      return db.things.get({ id: 'left out' });
    },
    differs: { 5: 'has no options', 8: 'the first call has settled the options' },
    gives: "{ a: [], id: 'left out' }",
  },

  {
    why: '_client',
    async run(db) {
      const TableName = db.name('things');
      const put = await db._client.PutItem({ TableName, Item: { id: 'client', a: [1] } });
      const { Item } = await db._client.GetItem({ TableName, Key: { id: 'client' } });
      const { Table } = await db._client.DescribeTable({ TableName });
      const { Items } = await db._client.Query({
        TableName,
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': 'client' },
      });
      return [put, Item, Table.KeySchema, Items];
    },
    differs: { 5: 'has _doc and _db' },
  },
  {
    why: '_client, many at once',
    async run(db) {
      const [things, rooms] = [db.name('things'), db.name('rooms')];
      const wrote = await db._client.BatchWriteItem({
        RequestItems: {
          [things]: [{ PutRequest: { Item: { id: 'batch', n: 1 } } }],
          [rooms]: [{ PutRequest: { Item: { room: 'batch', at: 1 } } }],
        },
      });
      const read = await db._client.BatchGetItem({
        RequestItems: { [things]: { Keys: [{ id: 'batch' }] }, [rooms]: { Keys: [{ room: 'batch', at: 1 }] } },
      });
      return [wrote, read];
    },
    differs: { 5: 'has _doc and _db' },
  },
  {
    why: '_client, a transaction',
    needs: 'MiniStack',
    async run(db) {
      const TableName = db.name('things');
      const wrote = await db._client.TransactWriteItems({
        TransactItems: [
          { Put: { TableName, Item: { id: 'first', n: 1 } } },
          {
            Update: {
              TableName,
              Key: { id: 'second' },
              UpdateExpression: 'SET n = :n',
              ExpressionAttributeValues: { ':n': 2 },
            },
          },
        ],
      });
      const read = await db._client.TransactGetItems({
        TransactItems: [{ Get: { TableName, Key: { id: 'first' } } }, { Get: { TableName, Key: { id: 'second' } } }],
      });
      return [wrote, read];
    },
    differs: { 5: 'has _doc and _db' },
  },
  {
    why: '_client, a transaction that is cancelled',
    needs: 'MiniStack',
    async run(db) {
      const Key = { id: 'none' };
      const TransactItems = [
        { Put: { TableName: db.name('things'), Item: { id: 'never' } } },
        { ConditionCheck: { TableName: db.name('things'), Key, ConditionExpression: 'attribute_exists(id)' } },
      ];
      const error = await db._client.TransactWriteItems({ TransactItems }).catch((thrown: unknown) => thrown);
      return [
        error.name,
        error.code,
        error.statusCode,
        error.CancellationReasons,
        await db.things.get({ id: 'never' }),
      ];
    },
    differs: { 5: 'has _doc and _db' },
  },
  {
    why: '_doc, a transaction',
    needs: 'MiniStack',
    async run(db) {
      const TableName = db.name('things');
      await db._doc.transactWrite({ TransactItems: [{ Put: { TableName, Item: { id: 'doc', n: 1 } } }] });
      const { Responses } = await db._doc.transactGet({ TransactItems: [{ Get: { TableName, Key: { id: 'doc' } } }] });
      return Responses;
    },
    differs: { 8: 'has _client, and _doc with an option and the AWS SDK' },
  },
  {
    why: 'the item that a condition did not fit',
    needs: 'MiniStack',
    async run(db) {
      await db.things.put({ id: 'kept', n: 1 });
      const update = {
        Key: { id: 'kept' },
        UpdateExpression: 'SET n = :n',
        ConditionExpression: 'n > :n',
        ExpressionAttributeValues: { ':n': 2 },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      };
      const error = await db.things.update(update).catch((thrown: unknown) => thrown);
      return [error.name, error.Item];
    },
  },
  {
    why: '_doc',
    async run(db) {
      const TableName = db.name('rooms');
      await db._doc.put({ TableName, Item: { room: 'doc', at: 1, a: new Set(['a']) } });
      await db._doc.put({ TableName, Item: { room: 'doc', at: 2 } });
      const { Item } = await db._doc.get({ TableName, Key: { room: 'doc', at: 1 } });
      const page = await db._doc.query({ TableName, ...inRoom('doc'), Limit: 1 });
      const rest = await db._doc.query({ TableName, ...inRoom('doc'), ExclusiveStartKey: page.LastEvaluatedKey });
      const called = await callback((done) =>
        db._doc.get({ TableName, Key: { room: 'doc', at: 2 } }, (error: any, { Item: item }: any) => done(error, item)),
      );
      const many = await db._doc.batchGet({ RequestItems: { [TableName]: { Keys: [{ room: 'doc', at: 2 }] } } });
      return [Item, page.Items, page.LastEvaluatedKey, rest.Items, called, many.Responses];
    },
    differs: { 8: 'has _client, and _doc with an option and the AWS SDK' },
  },
  {
    why: '_db',
    async run(db) {
      const TableName = db.name('things');
      await db._db.putItem({ TableName, Item: { id: { S: 'db' }, b: { B: new Uint8Array([1]) } } });
      const { Item } = await db._db.getItem({ TableName, Key: { id: { S: 'db' } } });
      const { Table } = await db._db.describeTable({ TableName });
      return [Item, Table.KeySchema];
    },
    differs: { 8: 'has _client, and _db with an option and the AWS SDK' },
  },

  {
    why: 'a handler of a stream',
    async run(_db, arc) {
      const seen: unknown[] = [];
      const handler = arc.tables.save((record: any, done: any) => {
        seen.push(record.id);
        done(null, record.id);
      });
      const Records = ['INSERT', 'REMOVE', 'MODIFY'].map((eventName, id) => ({ eventName, id }));
      let results: unknown;
      const returned = handler({ Records }, { succeed: (found: unknown) => (results = found), fail: () => {} });
      return [seen, (await returned) ?? results];
    },
  },
];
