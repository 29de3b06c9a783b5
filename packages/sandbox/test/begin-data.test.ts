import { expect, test } from 'vitest';
import { openConnection } from '../../../test/support/connection.ts';
import { openApp } from './open-app.ts';

/** As its documentation has it. */
const manifest = `@app
testapp
@ws
@tables
data
  scopeID *String
  dataID **String
  ttl TTL
`;

const handler = `
const arc = require('@architect/functions');
const data = require('@begin/data');
exports.handler = async (event) => {
  const { call, input } = JSON.parse(event.body);
  const value = await (call === 'arc' ? (await arc.tables()).data.get(input) : data[call](input));
  await arc.ws.send({ id: event.requestContext.connectionId, payload: { value: value ?? null, cursor: value?.cursor } });
  return { statusCode: 200 };
};`;

const sdk = ['client-dynamodb', 'client-ssm', 'lib-dynamodb'].map((name) => [`@aws-sdk/${name}`, `@aws-sdk/${name}`]);

test.for([
  { version: 4, packages: { '@begin/data': 'begin-data-4', ...Object.fromEntries(sdk) } },
  { version: 5, packages: { '@begin/data': 'begin-data-5' } },
])('@begin/data $version keeps its documents', async ({ packages }) => {
  await using app = await openApp({ 'app.arc': manifest, 'src/ws/default/index.js': handler }, { packages });
  await using connection = await openConnection(app.url);
  const call = (name: string, input: unknown) => connection.ask({ call: name, input });

  const one = { table: 'people', key: 'ada', born: 1815, tags: ['a'] };
  expect(await call('set', one)).toEqual({ value: one });
  expect(await call('get', { table: 'people', key: 'ada' })).toEqual({ value: one });
  expect(await call('set', { table: 'people', born: 1906 })).toMatchObject({ value: { key: expect.any(String) } });
  expect(await call('count', { table: 'people' })).toEqual({ value: 2 });
  expect(await call('incr', { table: 'people', key: 'ada', prop: 'visits' })).toMatchObject({ value: { visits: 1 } });
  expect(await call('decr', { table: 'people', key: 'ada', prop: 'visits' })).toMatchObject({ value: { visits: 0 } });

  const many = ['a', 'b', 'c'].map((key) => ({ table: 'letters', key }));
  expect(await call('set', many)).toMatchObject({ value: many });
  expect(await call('get', many.slice(1))).toMatchObject({ value: expect.arrayContaining(many.slice(1)) });
  const page = await call('get', { table: 'letters', limit: 2 });
  expect(page).toMatchObject({ value: many.slice(0, 2), cursor: expect.any(String) });
  expect(await call('get', { table: 'letters', cursor: Object(page).cursor })).toMatchObject({ value: many.slice(2) });

  // The same item by the library of handlers.
  expect(await call('arc', { scopeID: 'testapp', dataID: 'staging#people#ada' })).toMatchObject({
    value: { born: 1815 },
  });

  await call('destroy', { table: 'people', key: 'ada' });
  await call('destroy', many);
  expect(await call('get', { table: 'people', key: 'ada' })).toEqual({ value: null });
  expect(await call('count', { table: 'letters' })).toEqual({ value: 0 });
});
