import { describe, expect, test } from 'vitest';
import type { Table } from './app.ts';
import { interpretManifest } from './manifest.ts';

const plain: Omit<Table, 'name' | 'partitionKey'> = {
  sortKey: undefined,
  ttl: undefined,
  pointInTimeRecovery: false,
  encryption: undefined,
  indexes: [],
};
const id = { name: 'id', type: 'String' } as const;
const kmsKey = 'arn:aws:kms:us-west-2:123456789012:key/1';

async function read(text: string, file = 'app.arc') {
  const { problems, ...rest } = await interpretManifest({ file, text });
  const tables = 'app' in rest ? rest.app.tables : undefined;
  return { tables, problems: problems.map(({ code, line, column, length }) => `${code} ${line}:${column}+${length}`) };
}

describe('@tables', () => {
  test.for<{ text: string; table: Partial<Table> }>([
    { text: 'id *String', table: { partitionKey: id } },
    { text: 'id *', table: { partitionKey: id } },
    { text: 'id *number', table: { partitionKey: { name: 'id', type: 'Number' } } },
    { text: 'at **Number\n  id *String', table: { partitionKey: id, sortKey: { name: 'at', type: 'Number' } } },
    {
      text: 'id *Binary\n  at **',
      table: { partitionKey: { name: 'id', type: 'Binary' }, sortKey: { name: 'at', type: 'String' } },
    },
    { text: 'id *String\n  expires TTL', table: { partitionKey: id, ttl: 'expires' } },
    { text: 'id *String\n  _ttl TTL', table: { partitionKey: id, ttl: '_ttl' } },
    { text: 'id *String\n  email String\n  sent: Boolean\n  tags list\n  streams Number', table: { partitionKey: id } },
    { text: 'id *String\n  stream true\n  x ttl', table: { partitionKey: id, ttl: 'x' } },
    { text: 'id *String\n  PointInTimeRecovery true', table: { partitionKey: id, pointInTimeRecovery: true } },
    { text: 'id *String\n  pitr true', table: { partitionKey: id, pointInTimeRecovery: true } },
    { text: 'id *String\n  PITR false', table: { partitionKey: id } },
    { text: 'id *String\n  encrypt true', table: { partitionKey: id, encryption: 'managed' } },
    { text: 'id *String\n  encrypt false', table: { partitionKey: id } },
    { text: `id *String\n  encrypt ${kmsKey}`, table: { partitionKey: id, encryption: kmsKey } },
  ])('$text', async ({ text, table }) => {
    const { tables } = await read(`@app\nx\n@tables\nrooms\n  ${text}`);
    expect(tables).toEqual([{ name: 'rooms', ...plain, ...table }]);
  });

  test('several, in their order', async () => {
    const { tables } = await read('@app\nx\n@tables\nrooms.b\n  id *String\nrooms_a\n  id *String');
    expect(tables?.map(({ name }) => name)).toEqual(['rooms.b', 'rooms_a']);
  });

  test('a stream is no attribute of a table', async () => {
    const { tables, problems } = await read('@app\nx\n@tables\nrooms\n  id *String\n  stream true');
    expect(problems).toEqual([]);
    expect(tables).toMatchObject([{ name: 'rooms', sortKey: undefined }]);
  });
});

describe('@tables-indexes', () => {
  const declared = '@app\nx\n@tables\nrooms\n  id *String\n  at **Number\n';
  const email = { name: 'email', type: 'String' } as const;
  const index = { name: 'email-index', partitionKey: email, sortKey: undefined, projection: 'all' };

  test.for([
    { text: '@tables-indexes\nrooms\n  email *String', indexes: [index] },
    { text: '@indexes\nrooms\n  email *String', indexes: [index] },
    { text: '@tables-indexes\nrooms\n  email *String\n  name byEmail', indexes: [{ ...index, name: 'byEmail' }] },
    {
      text: '@tables-indexes\nrooms\n  email *String\n  at **Number',
      indexes: [{ ...index, name: 'email-at-index', sortKey: { name: 'at', type: 'Number' } }],
    },
    {
      text: '@tables-indexes\nrooms\n  email *String\n  projection keys',
      indexes: [{ ...index, projection: 'keys' }],
    },
    { text: '@tables-indexes\nrooms\n  email *String\n  projection all', indexes: [index] },
    {
      text: '@tables-indexes\nrooms\n  email *String\n  projection\n    one\n    two',
      indexes: [{ ...index, projection: ['one', 'two'] }],
    },
    {
      text: '@indexes\nrooms\n  email *String\n@tables-indexes\nrooms\n  email *String\n  name other',
      indexes: [{ ...index, name: 'other' }, index],
    },
  ])('$text', async ({ text, indexes }) => {
    const { tables, problems } = await read(declared + text);
    expect(problems).toEqual([]);
    expect(tables?.[0]?.indexes).toEqual(indexes);
  });

  test('say the same as JSON and YAML', async () => {
    const text =
      '@app\nx\n@tables\nrooms\n  id *String\n  expires TTL\n@tables-indexes\nrooms\n  email *String\n  name by-email';
    const json =
      '{"app":"x","tables":[{"rooms":{"id":"*String","expires":"TTL"}}],"tables-indexes":[{"rooms":{"email":"*String","name":"by-email"}}]}';
    const yaml =
      'app: x\ntables:\n- rooms:\n    id: "*String"\n    expires: TTL\ntables-indexes:\n- rooms:\n  - email: "*String"\n  - name: by-email';
    const expected = await read(text);
    expect(expected.tables).toMatchObject([{ ttl: 'expires', indexes: [{ name: 'by-email' }] }]);
    expect(await read(json, 'arc.json')).toEqual(expected);
    expect(await read(yaml, 'arc.yaml')).toEqual(expected);
  });
});

describe('what tables are refused for', () => {
  const many = Array.from({ length: 21 }, (_, index) => `rooms\n  k${index} *String\n`).join('');
  test.for([
    { text: '@tables\nab\n  id *String', codes: ['TABLE_NAME 4:1+2'] },
    { text: '@tables\na/b/c\n  id *String', codes: ['TABLE_NAME 4:1+5'] },
    { text: `@tables\n${'a'.repeat(256)}\n  id *String`, codes: ['TABLE_NAME 4:1+256'] },
    { text: '@tables\nrooms\n  id *String\nrooms\n  id *String', codes: ['TABLE_TWICE 6:1+5'] },
    { text: '@tables\nrooms', codes: ['TABLE_LINE 4:1+5'] },
    { text: '@tables\nrooms id\n  id *String', codes: ['TABLE_LINE 4:7+2'] },
    { text: '@tables\nrooms\n  id *String x', codes: ['TABLE_LINE 5:14+1', 'TABLE_KEY 4:1+5'].toReversed() },
    { text: '@tables\nrooms\n  id **String', codes: ['TABLE_KEY 4:1+5'] },
    { text: '@tables\nrooms\n  id *Text', codes: ['TABLE_KEY 5:6+5'] },
    { text: '@tables\nrooms\n  id *String\n  no *String', codes: ['TABLE_KEY 6:3+2'] },
    { text: '@tables\nrooms\n  id *String\n  a **\n  b **', codes: ['TABLE_KEY 7:3+1'] },
    { text: '@tables\nrooms\n  id *String\n  a TTL\n  b TTL', codes: ['TABLE_KEY 7:3+1'] },
    { text: `@tables\nrooms\n  ${'a'.repeat(256)} *String`, codes: ['TABLE_KEY 4:1+5', 'TABLE_KEY 5:3+256'] },
    { text: '@tables\nrooms\n  id *String\n  Encrypt True', codes: ['SETTING_UNKNOWN 6:3+7'] },
    { text: '@tables\nrooms\n  id *String\n  encript arn', codes: ['SETTING_UNKNOWN 6:3+7'] },
    { text: '@tables\nrooms\n  id *String\n  strea true', codes: ['SETTING_UNKNOWN 6:3+5'] },
    { text: '@tables\nrooms\n  id String', codes: ['TABLE_KEY 4:1+5'] },
    { text: '@tables\nrooms\n  id *String\n  encyrpt true', codes: ['SETTING_UNKNOWN 6:3+7'] },
    { text: '@tables\nrooms\n  id *String\n  encrypt yes', codes: ['SETTING_VALUE 6:11+3'] },
    { text: '@tables\nrooms\n  id *String\n  encrypt', codes: ['SETTING_VALUE 6:3+7'] },
    { text: '@tables\nrooms\n  id *String\n  pitr 1', codes: ['SETTING_VALUE 6:8+1'] },
    { text: '@tables-indexes\nrooms\n  id *String', codes: ['TABLE_UNKNOWN 4:1+5'] },
    { text: '@tables\nrooms\n  id *String\n@indexes\nroms\n  a *String', codes: ['TABLE_UNKNOWN 7:1+4'] },
    { text: '@tables\nrooms\n  id *String\n@indexes\nrooms\n  a **String', codes: ['TABLE_KEY 7:1+5'] },
    { text: '@tables\nrooms\n  id *String\n@indexes\nrooms\n  id *Number', codes: ['TABLE_KEY 7:1+5'] },
    { text: '@tables\nrooms\n  id *String\n@indexes\nrooms\n  a *String\n  name x', codes: ['TABLE_NAME 9:8+1'] },
    { text: '@tables\nrooms\n  id *String\n@indexes\nrooms\n  "a b" *String', codes: ['TABLE_NAME 7:1+5'] },
    { text: '@tables\nrooms\n  id *String\n@indexes\nrooms\n  a *String\n  name', codes: ['SETTING_VALUE 9:3+4'] },
    { text: '@tables\nrooms\n  id *String\n@indexes\nrooms\n  a *\n  projection', codes: ['SETTING_VALUE 9:3+10'] },
    {
      text: '@tables\nrooms\n  id *String\n@indexes\nrooms\n  a *String\nrooms\n  a *String',
      codes: ['INDEX_TWICE 9:1+5'],
    },
    { text: `@tables\nrooms\n  id *String\n@indexes\n${many}`, codes: ['INDEXES_MANY 47:1+5'] },
  ])('$text', async ({ text, codes }) => {
    const file = { file: 'app.arc', text: `@app\nx\n${text}` };
    expect((await read(file.text)).problems).toEqual(codes);
    const { ok, problems } = await interpretManifest(file);
    expect(ok).toBe(false);
    for (const { fix, message } of problems) expect(`${message} ${fix}`).toMatch(/^\S.+[.?] .+[.?]$/);
  });
});
