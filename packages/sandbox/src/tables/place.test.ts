import { join } from 'node:path';
import { readPreferences } from '@furrow/manifest';
import { expect, test } from 'vitest';
import { tablesPlace, type TablesPlace, type TablesSettings } from './place.ts';

const project = join(import.meta.dirname, 'app');
const folder: TablesPlace = { type: 'folder', path: join(project, '.furrow', 'data') };
const at = (url: string): TablesPlace => ({ type: 'external', url });

test.for<{ why: string; settings?: TablesSettings; preferences?: string; place: TablesPlace }>([
  { why: 'nothing', place: { type: 'memory' } },
  { why: '--persist', settings: { persist: true }, place: folder },
  { why: 'persist', preferences: 'persist true', place: folder },
  { why: 'persist false', preferences: 'persist false', place: { type: 'memory' } },
  { why: 'persist of something else', preferences: 'persist maybe', place: { type: 'memory' } },
  { why: '--external-db', settings: { externalDb: 'http://db:8000' }, place: at('http://db:8000/') },
  { why: 'external-db with a URL', preferences: 'external-db https://db', place: at('https://db/') },
  { why: 'external-db true', preferences: 'external-db true', place: at('http://localhost:5555/') },
  {
    why: 'external-db true with a port',
    preferences: 'external-db true\nports\n  http 3000\n  tables 8000',
    place: at('http://localhost:8000/'),
  },
  { why: 'variables', settings: { externalDb: true, tablesPort: 9000 }, place: at('http://localhost:9000/') },
  {
    why: 'a flag before a preference',
    settings: { externalDb: 'http://db:8000' },
    preferences: 'external-db http://other:1',
    place: at('http://db:8000/'),
  },
  { why: 'both', settings: { persist: true, externalDb: 'http://db:8000' }, place: at('http://db:8000/') },
])('$why', ({ settings = {}, preferences = '', place }) => {
  expect(
    tablesPlace(settings, readPreferences(`@sandbox\n${preferences}\n`, 'preferences.arc').sandbox, project),
  ).toEqual(place);
});

test.for(['localhost:8000', 'db', 'ftp://db', ''])('%j is no URL of a database', (externalDb) => {
  const preferences = readPreferences('@env\ntesting\n  KEY value\n', 'preferences.arc').sandbox;
  expect(() => tablesPlace({ externalDb }, preferences, project)).toThrow(
    expect.objectContaining({ code: 'EXTERNAL_DB_INVALID' }),
  );
});
