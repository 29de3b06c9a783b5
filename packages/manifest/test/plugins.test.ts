import { describe, expect, onTestFinished, test } from 'vitest';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { loadApp, type App, type LoadedApp } from '../src/index.ts';

const base = '@app\nplugged\n';

async function load(files: Readonly<Record<string, string>>, stage?: string): Promise<LoadedApp & { path: string }> {
  const folder = await openTemporaryFolder(files);
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const loaded = await loadApp(folder.path, stage === undefined ? {} : { stage });
  return { ...loaded, path: folder.path };
}

/** An app with one plugin in `src/plugins/own.js`, whose `set` is the given text. */
async function loadSet(set: string, manifest = ''): Promise<App> {
  const loaded = await load({
    'app.arc': `${base}${manifest}\n@plugins\nown\n`,
    'src/plugins/own.js': `module.exports = { set: { ${set} } };`,
  });
  expect(loaded.problems).toEqual([]);
  if (!loaded.ok) throw new Error('Expected an app.');
  return loaded.app;
}

/** Hooks that give what a manifest may have too. */
const rivals = (more: string) => `
  http: () => ({ method: 'get', path: '/', ${more} }),
  ws: () => ({ name: 'default', ${more} }),
  events: () => ({ name: 'e', ${more} }),
  tables: () => ({ name: 'rooms', partitionKey: 'other' })`;

const functionsOf = (app: App) => app.functions.map(({ name, sourceDir }) => `${name} ${sourceDir}`);

describe('a plugin is found', () => {
  const hooks = `set: { env: () => ({ FOUND: 'yes' }) }`;
  test.for([
    { where: 'src/plugins/own.js', text: `module.exports = { ${hooks} };` },
    { where: 'src/plugins/own.cjs', text: `module.exports = { ${hooks} };` },
    { where: 'src/plugins/own.mjs', text: `export default { ${hooks} };` },
    { where: 'src/plugins/own.mjs', text: `export const ${hooks.replace('set:', 'set =')};` },
    { where: 'src/plugins/own/index.js', text: `module.exports = { ${hooks} };` },
    { where: 'src/plugins/own/index.mjs', text: `export default { ${hooks} };` },
    { where: 'src/plugins/own.js', text: `exports.__esModule = true; exports.default = { ${hooks} };` },
    { where: 'node_modules/own/index.js', text: `module.exports = { ${hooks} };` },
    { where: 'tools/own.js', text: `module.exports = { ${hooks} };`, line: 'own\n  src tools/own.js' },
    { where: 'tools/own.js', text: `module.exports = { ${hooks} };`, line: 'own\n  src tools/own' },
    { where: 'tools/own/index.js', text: `module.exports = { ${hooks} };`, line: 'own\n  src ./tools/own' },
    { where: 'node_modules/@own/it/index.js', text: `module.exports = { ${hooks} };`, line: 'own/it' },
  ])('in $where by $line', async ({ where, text, line = 'own' }) => {
    const loaded = await load({ 'app.arc': `${base}@plugins\n${line}\n`, [where]: text });
    expect(loaded.problems).toEqual([]);
    expect(loaded).toMatchObject({ ok: true, app: { variables: { testing: { FOUND: 'yes' } } } });
  });

  test.for([{ exports: './lib.mjs' }, { exports: { '.': { node: { import: './lib.mjs' } } } }])(
    'in a package for import alone: %j',
    async (manifest) => {
      const loaded = await load({
        'app.arc': `${base}@plugins\nown/it\n`,
        'node_modules/@own/it/package.json': JSON.stringify({ type: 'module', ...manifest }),
        'node_modules/@own/it/lib.mjs': `export const ${hooks.replace('set:', 'set =')};`,
      });
      expect(loaded).toMatchObject({ ok: true, app: { variables: { staging: { FOUND: 'yes' } } } });
    },
  );

  test('in a JSON manifest with its scope', async () => {
    const loaded = await load({
      'arc.json': JSON.stringify({ app: 'x', plugins: ['@own/it'] }),
      'node_modules/@own/it/package.json': '{"main":"lib.js"}',
      'node_modules/@own/it/lib.js': `module.exports = { ${hooks} };`,
    });
    expect(loaded).toMatchObject({ ok: true, app: { variables: { staging: { FOUND: 'yes' } } } });
  });
});

describe('set', () => {
  test('http and ws bring routes', async () => {
    const app = await loadSet(
      `http: ({ arc, inventory }) => arc.routes.map((path) => (
         { method: 'GET', path, src: inventory.inv._project.cwd + '/lib' + path, config: { timeout: 9, state: 'n/a' } })),
       ws: [() => ({ name: 'say', src: 'lib/say' }), () => [{ name: '$connect', src: './lib/in' }]]`,
      '@routes\n/a\n/b',
    );
    expect(functionsOf(app)).toEqual([
      'ws/connect lib/in',
      'ws/default src/ws/default',
      'ws/disconnect src/ws/disconnect',
      'ws/say lib/say',
      'http/get-a lib/a',
      'http/get-b lib/b',
    ]);
    expect(app.functions.at(-1)).toMatchObject({ plugin: 'own', settings: { timeout: 9, views: true } });
    expect(app.functions[1]).not.toHaveProperty('plugin');
    expect(app.http).toMatchObject([{ method: 'get', path: '/a' }, { path: '/b' }]);
  });

  test('what is said of several of its functions is said once', async () => {
    const loaded = await load({
      'app.arc': `${base}@plugins\nown\n`,
      'src/plugins/own.js': `module.exports = { set: { events: () => ${JSON.stringify(['a', 'b'].map((name) => ({ name, src: 'lib', config: { runtime: 'nodejs18.x' } })))} } };`,
    });
    expect(loaded).toMatchObject({ ok: true, problems: [{ code: 'RUNTIME_DEPRECATED', line: 4 }] });
  });

  test('http may name folders outside of the project', async () => {
    const app = await loadSet(`http: () => ({ method: 'get', path: '/', src: '/elsewhere/x' })`);
    expect(app.functions[0]?.sourceDir).toMatch(/^(?:\.\.\/)+elsewhere\/x$/);
  });

  test('the manifest wins, unless the plugin requires its own', async () => {
    const [own, required] = [`src: 'lib'`, `src: 'lib', required: true`] as const;
    const manifest = '@http\nget /\n@ws\ndefault\n@events\ne\n@tables\nrooms\n  id *String';
    const app = await loadSet(rivals(own), manifest);
    expect(app.functions.filter(({ plugin }) => plugin !== undefined)).toEqual([]);
    expect(app.tables).toMatchObject([{ partitionKey: { name: 'id' } }]);
    const refused = await load({
      'app.arc': `${base}${manifest}\n@plugins\nown\n`,
      'src/plugins/own.js': `module.exports = { set: { ${rivals(required)} } };`,
    });
    expect(refused.problems.map(({ code }) => code)).toEqual(['ROUTE_TWICE', 'ROUTE_TWICE', 'BACKGROUND_TWICE']);
  });

  test('events, queues, scheduled and customLambdas bring functions', async () => {
    const app = await loadSet(`
      events: () => ({ name: 'likes', src: 'lib/e' }),
      queues: () => ({ name: 'work', src: 'lib/q', config: { fifo: false, layers: [] } }),
      scheduled: () => [{ name: 'daily', src: 'lib/s', rate: '1 day' }, { name: 'noon', src: 'lib/s', cron: '0 12 * * ? *' }],
      customLambdas: () => ({ name: 'job', src: 'lib/job', config: { memory: 512, shared: false } })`);
    expect(functionsOf(app)).toEqual([
      'events/likes lib/e',
      'queues/work lib/q',
      'scheduled/daily lib/s',
      'scheduled/noon lib/s',
      'customLambdas/job lib/job',
    ]);
    expect(app.queues).toMatchObject([{ name: 'work', isFifo: false }]);
    expect(app.scheduled.map(({ expression }) => expression)).toEqual(['rate(1 day)', 'cron(0 12 * * ? *)']);
    expect(app.customLambdas).toEqual([{ name: 'job', functionName: 'customLambdas/job' }]);
    expect(app.functions.at(-1)?.settings).toMatchObject({ memory: 512, shared: false, timeout: 5 });
  });

  test('tables, their indexes and streams', async () => {
    const app = await loadSet(
      `tables: () => [
         { name: 'data', partitionKey: 'scopeID', partitionKeyType: 'string', sortKey: 'dataID', sortKeyType: 'string', ttl: 'TTL' },
         { name: 'counts', partitionKey: 'n', partitionKeyType: 'NUMBER', stream: true, encrypt: true, pitr: true, sortKey: null }],
       'tables-indexes': () => [
         { name: 'data', partitionKey: 'dataID', indexName: 'by-id', projectionType: 'KEYS_ONLY' },
         { name: 'own', partitionKey: 'x', projectionType: 'INCLUDE', projectionAttributes: ['a', 'b'] }],
       'tables-streams': () => ({ name: 'seen', table: 'data', src: 'lib/seen' })`,
      '@tables\nown\n  id *String',
    );
    expect(app.tables).toMatchObject([
      { name: 'own', indexes: [{ name: 'x-index', projection: ['a', 'b'] }] },
      {
        name: 'data',
        sortKey: { name: 'dataID', type: 'String' },
        ttl: 'TTL',
        indexes: [{ name: 'by-id', projection: 'keys' }],
      },
      { name: 'counts', partitionKey: { type: 'Number' }, encryption: 'managed', pointInTimeRecovery: true },
    ]);
    expect(app.tablesStreams.map(({ name, tableName }) => [name, tableName])).toEqual([
      ['seen', 'data'],
      ['counts', 'counts'],
    ]);
  });

  test('shared, views and static say what the manifest does not', async () => {
    const loaded = await load({
      'app.arc': `${base}@static\nprune false\n@plugins\nown\nother\n`,
      'app/x.js': '',
      'src/plugins/own.js': `const { join } = require('node:path');
        const at = (name) => ({ inventory }) => ({ src: join(inventory.inv._project.cwd, name) });
        module.exports = { set: {
          views: at('app'), shared: at('missing'),
          static: () => ({ fingerprint: true, prune: true, folder: 'dist', ignore: ['a', 'b'], spa: null, other: 1 }),
        } };`,
      'src/plugins/other.js': `module.exports = { set: { shared: () => ({ src: 'code', required: true }) } };`,
    });
    expect(loaded).toMatchObject({
      ok: true,
      problems: [],
      app: {
        viewsFolder: 'app',
        sharedFolder: 'code',
        static: { isServed: true, fingerprint: true, prune: false, folder: 'dist', spa: false },
      },
    });
    expect(loaded.ok && loaded.app.static.ignore.slice(-2)).toEqual(['a', 'b']);
  });

  test('env gives variables, for all stages or each', async () => {
    const app = await loadSet(`env: [
      () => ({ ALL: { a: 1 }, NUMBER: 2 }),
      () => ({ staging: { ONLY: true }, testing: { ONLY: false }, IGNORED: 1 }),
    ]`);
    expect(app.variables).toEqual({
      testing: { ALL: '{"a":1}', NUMBER: '2', ONLY: 'false' },
      staging: { ALL: '{"a":1}', NUMBER: '2', ONLY: 'true' },
      production: { ALL: '{"a":1}', NUMBER: '2' },
    });
  });

  test('runtimes stand for those of Lambda', async () => {
    const loaded = await load({
      'app.arc': `${base}@aws\nruntime typescript\n@http\nget /\nget /own\n  src lib/own\n@plugins\nown\n`,
      'lib/own/config.arc': '@aws\nruntime coffee',
      'src/plugins/own.js': `module.exports = { set: { runtimes: () => [
        { name: 'typescript', type: 'transpiled', build: '.build', baseRuntime: 'nodejs22.x' },
        { name: 'coffee', type: 'transpiled', build: '.build', baseRuntime: 'nodejs24.x' },
        { name: 'rusty', type: 'compiled', build: '.build' }] } };`,
    });
    expect(loaded.problems).toEqual([]);
    expect(loaded.ok && loaded.app.functions).toMatchObject([
      { sourceDir: 'src/http/get-index', settings: { runtime: 'nodejs22.x' } },
      {
        sourceDir: '.build/lib/own',
        settings: { runtime: 'nodejs24.x', shared: false },
        authored: { sourceDir: 'lib/own', runtime: 'coffee' },
      },
    ]);
  });
});

describe('what is wrong of plugins is said with its place', () => {
  const throwing = `module.exports = { set: { http() { return undefined.missing; } } };`;
  test.for([
    { code: 'PLUGIN_MISSING', text: undefined, words: ['src/plugins/own.js', 'the package "own"'] },
    { code: 'PLUGIN_FAILED', text: 'throw new Error("no licence")', words: ['could not be loaded', 'no licence'] },
    { code: 'PLUGIN_FAILED', text: throwing, words: ['set.http', 'src/plugins/own.js', 'TypeError', 'own.js:1:'] },
    { code: 'PLUGIN_EMPTY', text: 'module.exports = { methods: {} };', words: ['no hook'] },
    { code: 'PLUGIN_HOOK', text: 'module.exports = { set: { http: 1 } };', words: ['not a function'] },
    { code: 'PLUGIN_HOOK', text: 'module.exports = { set: { async http() {} } };', words: ['promise'] },
    { code: 'PLUGIN_HOOK', text: 'module.exports = { set: { http() {} } };', words: ['returned nothing'] },
    { code: 'PLUGIN_HOOK', text: `module.exports = { set: { http: () => 'x' } };`, words: ['something else'] },
    { code: 'PLUGIN_HOOK', text: 'module.exports = { set: { http: () => ({ path: "/" }) } };', words: ['"method"'] },
    { code: 'PLUGIN_HOOK', text: 'module.exports = { set: { env: () => ({ "a-b": 1 }) } };', words: ['"a-b"'] },
    { code: 'PLUGIN_HOOK', text: 'module.exports = { set: { runtimes: () => ({}) } };', words: ['"name"'] },
    {
      code: 'HTTP_PATH',
      text: 'module.exports = { set: { http: () => ({ method: "get", path: "x", src: "y" }) } };',
      words: ['"x"'],
    },
    {
      code: 'SETTING_VALUE',
      text: 'module.exports = { set: { ws: () => ({ name: "x", src: "y", config: { timeout: 1000 } }) } };',
      words: ['"timeout"'],
    },
  ])('$code $words', async ({ code, text, words }) => {
    const files = text === undefined ? {} : { 'src/plugins/own.js': text };
    const loaded = await load({ 'app.arc': `${base}@plugins\nown\n`, ...files });
    expect(loaded).toMatchObject({ ok: false, problems: [{ code, file: 'app.arc', line: 4 }] });
    for (const word of words) expect(loaded.problems[0]?.message).toContain(word);
  });

  test.for([
    { when: 'it is loaded', text: `const arc = require('@architect/functions');` },
    { when: 'a hook is called', text: `exports.set = { http() { require('@architect/functions'); } };` },
  ])('with the way to the library of handlers, when $when', async ({ text }) => {
    const loaded = await load({ 'app.arc': `${base}@plugins\nown\n`, 'src/plugins/own.js': text });
    expect(loaded.problems).toMatchObject([
      { code: 'PLUGIN_FAILED', fix: expect.stringContaining('"@furrow/functions"') },
    ]);
  });

  test('each of several', async () => {
    const loaded = await load({ 'app.arc': `${base}@plugins\none two\none\n`, 'src/plugins/one.js': 'throw 1' });
    expect(loaded.problems.map(({ code }) => code).toSorted()).toEqual([
      'PLUGIN_FAILED',
      'PLUGIN_LINE',
      'PLUGIN_TWICE',
    ]);
  });

  test('a plugin whose hooks are not called here is none the worse', async () => {
    const loaded = await load({
      'app.arc': `${base}@plugins\none\ntwo\n`,
      'src/plugins/one.js': 'module.exports = { create: { handlers() {} }, hydrate: { copy() {} } };',
      'src/plugins/two.js': 'module.exports = { set: {}, sandbox: { invoke() {} }, deploy: { later() {} } };',
    });
    expect(loaded).toMatchObject({ ok: true, problems: [] });
  });

  test('pragmas that plugins bring are not warned about; set.proxy is', async () => {
    const plugin = { 'src/plugins/own.js': 'module.exports = { set: { proxy() {} } };' };
    const loaded = await load({
      'app.arc': `${base}@custom-domain\nx.org\n@api\nx\n@cdk\nx\n@plugins\nown\n`,
      ...plugin,
    });
    expect(loaded).toMatchObject({ ok: true, problems: [{ severity: 'warning', code: 'PLUGIN_HOOK_NOT_RUN' }] });
  });
});
