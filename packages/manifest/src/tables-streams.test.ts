import { describe, expect, test } from 'vitest';
import { interpretManifest } from './manifest.ts';

async function read(text: string) {
  const found = await interpretManifest({ file: 'app.arc', text: `@app\nx\n${text}`, configs: [] });
  return { app: found.ok ? found.app : undefined, problems: found.problems };
}

const tables = '@tables\nrooms\n  id *String\nusers\n  id *String\n';

describe('streams', () => {
  test.for<{ why: string; text: string; streams: string[][] }>([
    { why: 'none', text: tables, streams: [] },
    { why: 'the name of a table', text: `${tables}@tables-streams\nrooms`, streams: [['rooms', 'rooms', '']] },
    {
      why: 'two for one table',
      text: `${tables}@tables-streams\nrooms\ncount\n  table rooms\n  src lib/count`,
      streams: [
        ['rooms', 'rooms', ''],
        ['count', 'rooms', 'lib/count'],
      ],
    },
    {
      why: 'stream true',
      text: '@tables\nrooms\n  id *String\n  stream true\nusers\n  id *String\n  stream false',
      streams: [['rooms', 'rooms', '']],
    },
    { why: 'the old name', text: `${tables}@streams\nrooms`, streams: [['rooms', 'rooms', '']] },
    {
      why: 'both names',
      text: `${tables}@streams\nusers\n@tables-streams\nrooms`,
      streams: [
        ['rooms', 'rooms', ''],
        ['users', 'users', ''],
      ],
    },
    {
      why: 'both for one table',
      text: '@tables\nrooms\n  id *String\n  stream true\n@tables-streams\ncount\n  table rooms',
      streams: [['count', 'rooms', '']],
    },
  ])('$why', async ({ text, streams }) => {
    const { app, problems } = await read(text);
    expect(problems).toEqual([]);
    expect(app?.tablesStreams).toEqual(
      streams.map(([name, tableName]) => ({ name, tableName, functionName: `tables-streams/${name}` })),
    );
    expect(app?.functions.map(({ kind, label, sourceDir }) => ({ kind, label, sourceDir }))).toEqual(
      streams.map(([name, , folder]) => ({
        kind: 'tables-streams',
        label: `stream ${name}`,
        sourceDir: folder === '' ? `src/tables-streams/${name}` : folder,
      })),
    );
  });

  test.for([
    { text: `${tables}@tables-streams\nroms`, code: 'TABLE_UNKNOWN', fix: 'Did you mean rooms?' },
    { text: `${tables}@tables-streams\ncount\n  table user`, code: 'TABLE_UNKNOWN', fix: 'Did you mean users?' },
    { text: `${tables}@tables-streams\nrooms users`, code: 'BACKGROUND_LINE' },
    { text: `${tables}@tables-streams\nrooms\nrooms`, code: 'BACKGROUND_TWICE' },
    { text: '@tables-streams\nrooms', code: 'TABLE_UNKNOWN' },
    { text: '@tables\nrooms\n  id *String\n  stream maybe', code: 'SETTING_VALUE' },
  ])('$text is refused', async ({ text, ...problem }) => {
    expect((await read(text)).problems).toMatchObject([problem]);
  });
});
