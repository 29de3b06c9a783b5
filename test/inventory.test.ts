import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadApp } from '@furrow/manifest';
import { openTemporaryFolder } from './support/temporary-folder.ts';

const installed = join(import.meta.dirname, 'npm-plugins');
const isMissing = !existsSync(join(installed, 'node_modules'));
const reason = isMissing ? ' (skipped: run npm ci --ignore-scripts in test/npm-plugins)' : '';

const handler = 'exports.handler = async () => ({ statusCode: 200 });\n';
const functions = [
  'http/get-index',
  'http/post-rooms-000id',
  'ws/connect',
  'ws/default',
  'ws/disconnect',
  'ws/join',
  'events/likes',
  'queues/work',
  'scheduled/daily',
  'scheduled/noon',
  'tables-streams/rooms',
];

const files = {
  'app.arc': `@app
everything

@aws
region eu-west-1
timeout 9
layers
  arn:aws:lambda:eu-west-1:123456789012:layer:a:1

@http
get /
post /rooms/:id
/own
  method get
  src lib/own

@ws
join

@events
likes

@queues
work

@scheduled
daily rate(1 day)
noon cron(0 12 * * ? *)

@static
folder public
fingerprint true
ignore
  a
  b

@tables
rooms
  id *String
  at **Number
  expires TTL
  stream true
  PointInTimeRecovery true
people
  nick *

@tables-indexes
rooms
  at *Number
  name by-time
people
  nick *String
  city **
  projection keys

@plugins
look

@look
one
two words
three
  a
four
  b c
  d e f
  g
    h
    i
`,
  'preferences.arc': '@sandbox\nports\n  tables 5555\n@look\nloud true\nlist\n  a\n  b\n@env\ntesting\n  A b\n',
  'src/plugins/look.js': 'module.exports = { set: { env: () => ({ X: 1 }) }, sandbox: { start: (given) => given } };\n',
  'src/shared/x.js': '',
  'src/views/x.js': '',
  'lib/own/index.js': handler,
  'public/x.txt': '',
  ...Object.fromEntries(functions.map((name) => [`src/${name}/index.js`, handler])),
};

/** The one has what the other lacks, or does not have by default: nobody reads them. */
const own = new Set([
  'defaultFunctionConfig',
  'handlerModuleSystem',
  'ignore',
  'indexName',
  'localPreferences',
  'pitr',
  'PointInTimeRecovery',
  'plugins',
  'pragma',
  'prune',
  'region',
  'retired',
  'runtime',
  '_arc',
  '_raw',
]);

/** Without those, and with lists in an order of their own. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value.map(comparable);
    return list.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, member]) => !own.has(key) && member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [key, comparable(member)]));
}

interface Inventory {
  readonly inv: Readonly<Record<string, unknown>>;
  readonly get: Readonly<Record<string, (name?: string) => unknown>>;
}

test.skipIf(isMissing)(`plugins are given what Architect gives them${reason}`, async () => {
  await using folder = await openTemporaryFolder(files);
  const theirs: Inventory = await createRequire(join(installed, 'x.js'))('@architect/inventory')({ cwd: folder.path });
  const loaded = await loadApp(folder.path);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const given = (await loaded.plugins.hooks('sandbox.start')[0]?.run({})) as { arc: unknown; inventory: Inventory };
  const ours = given.inventory;
  expect(theirs.inv['_project']).toMatchObject({ arc: given.arc });
  expect(comparable(ours.inv)).toEqual(comparable(theirs.inv));
  expect(Object.keys(ours.get).toSorted()).toEqual(Object.keys(theirs.get).toSorted());
  const asked = [
    'http get /',
    'ws join',
    'events nobody',
    'tables-indexes rooms',
    'customLambdas x',
    'app',
    'aws region',
  ];
  for (const question of asked) {
    const [pragma = '', ...name] = question.split(' ');
    const [one, other] = [ours, theirs].map(({ get }) => get[pragma]?.(name.length === 0 ? undefined : name.join(' ')));
    expect([question, comparable(one)]).toEqual([question, comparable(other)]);
  }
});
