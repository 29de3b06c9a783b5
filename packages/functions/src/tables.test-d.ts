// Handlers stand here as users write them, and types are the only assertion.
/* oxlint-disable vitest/expect-expect, eslint/no-underscore-dangle */
import { describe, expectTypeOf, test } from 'vitest';
import { tables, type ArcDB, type ArcTable, type Page } from './index.ts';

interface Thing {
  id: string;
  count?: number;
}

interface Tables {
  things: Thing;
  rooms: { room: string; at: number };
}

type Opened = ArcDB<Tables>;

describe('arc.tables', () => {
  test('gives the tables that are named, or any', () => {
    expectTypeOf(tables<Tables>()).toEqualTypeOf<Promise<Opened>>();
    expectTypeOf(tables()).toEqualTypeOf<Promise<ArcDB>>();
    expectTypeOf(tables(() => {})).toEqualTypeOf<undefined>();
    expectTypeOf(tables({ awsjsonMarshall: { removeUndefinedValues: true } }, () => {})).toEqualTypeOf<undefined>();
    tables<Tables>((_error, db) => {
      expectTypeOf(db).toEqualTypeOf<Opened | undefined>();
    });
    expectTypeOf<Opened['things']>().toEqualTypeOf<ArcTable<Thing>>();
    // @ts-expect-error: no such option
    void (() => tables({ marshall: {} }));
  });

  test('knows names', () => {
    expectTypeOf<ReturnType<Opened['name']>>().toBeString();
    expectTypeOf<Awaited<ReturnType<Opened['reflect']>>['rooms']>().toBeString();
    // @ts-expect-error: no such table
    void ((db: Opened) => db.name('thigns'));
  });
});

describe('a table', () => {
  test('gives items', () => {
    void (async ({ things, rooms }: Opened) => {
      expectTypeOf(await things.get({ id: 'a' })).toEqualTypeOf<Thing | undefined>();
      expectTypeOf(await things.put({ id: 'a' })).toEqualTypeOf<Thing>();
      expectTypeOf(await rooms.scanAll()).toEqualTypeOf<Tables['rooms'][]>();
      expectTypeOf(await rooms.query({ Limit: 1 })).toEqualTypeOf<Page<Tables['rooms']>>();
      for await (const { Items } of await rooms.scan({ paginate: 'iterator' }))
        expectTypeOf(Items).toEqualTypeOf<Tables['rooms'][]>();
      expectTypeOf(things.get({ id: 'a' }, () => {})).toEqualTypeOf<undefined>();
      expectTypeOf(rooms.scan(() => {})).toEqualTypeOf<undefined>();
    });
  });

  test('gives what an update asks for', () => {
    void (async ({ things }: Opened) => {
      const all = await things.update({ Key: { id: 'a' }, ReturnValues: 'ALL_NEW' });
      expectTypeOf(all.Attributes).toEqualTypeOf<Thing | undefined>();
      const some = await things.update({ Key: { id: 'a' }, ReturnValues: 'UPDATED_NEW' });
      expectTypeOf(some.Attributes).toEqualTypeOf<Partial<Thing> | undefined>();
    });
  });

  test('takes items of its own', () => {
    // @ts-expect-error: the id is a text
    void (({ things }: Opened) => things.put({ id: 5 }));
    // @ts-expect-error: no such attribute
    void (({ things }: Opened) => things.get({ key: 'a' }));
    // @ts-expect-error: no such setting
    void (({ things }: Opened) => things.query({ KeyCondition: 'a' }));
  });
});

test('the clients', () => {
  void (async ({ _client, _doc, _db }: Opened) => {
    await _client.TransactWriteItems({ TransactItems: [] });
    expectTypeOf(_doc.get({ TableName: 't', Key: {} }).promise()).toExtend<Promise<unknown>>();
    expectTypeOf(_doc.put({}, () => {})).toEqualTypeOf<undefined>();
    await _db.describeTable({ TableName: 't' });
    // @ts-expect-error: no such call
    void _client.GetItems;
  });
});
