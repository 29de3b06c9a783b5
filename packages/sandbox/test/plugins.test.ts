import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openConnection } from '../../../test/support/connection.ts';
import { createMovableClock } from '../../../test/support/movable-clock.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { SandboxEvent, SandboxOptions } from '../src/index.ts';
import { openApp, type RunningApp } from './open-app.ts';

const manifest = '@app\ntestapp\n@plugins\nown\n';

function plugin(text: string, more = ''): Readonly<Record<string, string>> {
  return { 'app.arc': manifest + more, 'src/plugins/own.js': text };
}

/** Those of plugins: which Node runs functions differs from machine to machine. */
function noticesOf({ events }: RunningApp): readonly SandboxEvent[] {
  return events.filter((event) => event.type === 'notice' && !event.text.startsWith('Node '));
}

/** What the command line does with the environment of its process. */
const withVariables: NonNullable<SandboxOptions['withVariables']> = async (variables, run) => {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
  }
};

const notes = (app: RunningApp) => readFile(app.path('notes'), 'utf8').catch(() => '');

const answering = (code: string) => `exports.handler = async (event) => (${code});`;

describe('set', () => {
  test('routes of a plugin answer, and are built anew when they are saved', async () => {
    await using app = await openApp(
      {
        ...plugin(
          `module.exports = { set: {
          http: ({ inventory }) => [
            { method: 'get', path: '/', src: inventory.inv._project.cwd + '/lib/page' },
            { method: 'get', path: '/kept/:id', src: 'node_modules/kept/src', config: { timeout: 3 } }],
          ws: () => ({ name: 'say', src: 'lib/say' }),
          env: ({ arc }) => ({ GREETING: { words: arc.greeting } }),
        } };`,
          '@greeting\nhello\n',
        ),
        'lib/page/index.js': answering(`{ statusCode: 200, body: process.env.GREETING }`),
        'node_modules/kept/src/index.mjs': `import { word } from './word.mjs';
          export const handler = async (event, context) => ({ statusCode: 200, body: word + event.pathParameters.id });`,
        'node_modules/kept/src/word.mjs': `export const word = 'kept ';`,
        'lib/say/index.js': `const arc = require('@architect/functions');
          exports.handler = async (event) => { await arc.ws.send({ id: event.requestContext.connectionId, payload: { said: 'yes' } }); return { statusCode: 200 }; };`,
      },
      { isWatching: true },
    );
    await app.sandbox.watching;
    const body = async (path: string) => (await fetch(app.sandbox.url + path)).text();
    expect(await body('/')).toBe('{"words":["hello"]}');
    expect(await body('/kept/7')).toBe('kept 7');
    await using client = await openConnection(app.url);
    expect(await client.ask({ action: 'say' })).toEqual({ said: 'yes' });
    await app.save('lib/page/index.js', answering(`{ statusCode: 200, body: 'saved' }`));
    await expect.poll(() => body('/')).toBe('saved');
  });

  test('is asked again when the manifest is saved', async () => {
    const pages = '@pages\none\n';
    const files = {
      ...plugin(
        `module.exports = { set: { http: ({ arc }) => arc.pages.map((name) => (
        { method: 'get', path: '/' + name, src: 'lib' })) } };`,
        pages,
      ),
      'lib/index.js': answering(`{ statusCode: 200, body: event.rawPath }`),
    };
    await using app = await openApp(files, { isWatching: true });
    await app.sandbox.watching;
    expect((await fetch(`${app.sandbox.url}/two`)).status).toBe(404);
    await app.save('app.arc', `${manifest}${pages}two\n`);
    await expect.poll(async () => (await fetch(`${app.sandbox.url}/two`)).text()).toBe('/two');
  });
});

describe('hooks', () => {
  const own = `const { appendFileSync, writeFileSync, mkdirSync } = require('node:fs');
    const { join } = require('node:path');
    const note = (cwd, text) => appendFileSync(join(cwd, 'notes'), text + '\\n');
    const cwdOf = ({ inventory }) => inventory.inv._project.cwd;`;

  test('start and end run in the order of @plugins, and invoke runs any function', async () => {
    await using app = await openApp({
      'app.arc': '@app\ntestapp\n@plugins\none\ntwo\n@http\nget /\n@events\nlikes\n@ws\n',
      'src/plugins/one.js': `${own}
        module.exports = {
          set: { customLambdas: () => ({ name: 'job', src: 'lib/job' }) },
          sandbox: {
            async start(given) {
              const call = (pragma, name) => given.invoke({ pragma, name, payload: { n: 1 } }).catch(String);
              const results = [await call('customLambdas', 'job'), await call('http', 'get /'), await call('events', 'likes'),
                await call('ws', 'connect'), await call('ws', 'nobody'), await given.invoke({ name: 'x' }).catch(String)];
              note(cwdOf(given), 'one ' + JSON.stringify(results) + Object.keys(given).sort());
            },
            end: async (given) => note(cwdOf(given), 'end one'),
          } };`,
      'src/plugins/two.mjs': `import { appendFileSync } from 'node:fs';
        export const sandbox = {
          start: [({ inventory }) => appendFileSync(inventory.inv._project.cwd + '/notes', 'two ' + inventory.get.events('likes').name + '\\n')],
          end: () => { throw new Error('no end'); },
        };`,
      'src/http/get-index/index.js': answering(`{ statusCode: 200, body: 'page ' + event.n }`),
      'src/events/likes/index.js': 'exports.handler = async () => { throw new TypeError("no likes") };',
      'lib/job/index.js': answering(`'job ' + event.n`),
    });
    expect(await notes(app)).toBe(
      'one ["job 1",{"statusCode":200,"body":"page 1"},"TypeError: no likes",{"statusCode":200},' +
        '"ReferenceError: There is no function @ws nobody to invoke.","ReferenceError: invoke() was called without \\"pragma\\"."]' +
        'arc,inventory,invoke\ntwo likes\n',
    );
    await app.sandbox.close();
    expect((await notes(app)).split('\n').at(-2)).toBe('end one');
    expect(noticesOf(app)).toMatchObject([
      { text: expect.stringMatching(/plugin "two" failed in sandbox\.end \(.*two\.mjs\): Error: no end/) },
    ]);
  });

  test('watcher is told of files anywhere in the project, and not of what it writes', async () => {
    await using app = await openApp(
      {
        ...plugin(`${own} module.exports = { sandbox: { watcher(given) {
          const { filename, event } = given;
          note(cwdOf(given), event + ' ' + filename.slice(cwdOf(given).length + 1) + ' ' + typeof given.invoke);
          writeFileSync(join(cwdOf(given), 'made'), String(Math.random()));
        } } };`),
        'pages/a.html': 'a',
      },
      { isWatching: true },
    );
    await app.sandbox.watching;
    await app.save('pages/a.html', 'b');
    // A slow machine may see one save as two.
    await expect.poll(() => notes(app)).toMatch(/^(update pages\/a\.html function\n)+$/);
    // Times of files lag behind, and what is written while the hook runs is the plugin's.
    await delay(50);
    await app.save('pages/new.html', 'c');
    const both =
      /^(update pages\/a\.html function\n)+add pages\/new\.html function\n(update pages\/new\.html function\n)*$/;
    await expect.poll(() => notes(app)).toMatch(both);
  });

  test('a plugin that was saved is named', async () => {
    await using app = await openApp(plugin(`module.exports = { sandbox: { end() {} } };`), { isWatching: true });
    await app.sandbox.watching;
    await app.save('src/plugins/own.js', 'module.exports = {}');
    await expect
      .poll(() => noticesOf(app)[0])
      .toMatchObject({ text: expect.stringMatching(/^src\/plugins\/own\.js was saved\..*started again/) });
  });

  test('code of a runtime that a plugin builds runs from where it is built', async () => {
    const build = `for (const { src, build, config } of Object.values(inventory.inv.lambdasBySrcDir)) {
      if (config.runtime !== 'shout') continue;
      mkdirSync(build, { recursive: true });
      const text = require('node:fs').readFileSync(join(src, 'index.shout'), 'utf8');
      writeFileSync(join(build, 'index.js'), 'exports.handler = async () => ({ statusCode: 200, body: ' + JSON.stringify(text.toUpperCase()) + ' })');
    }`;
    await using app = await openApp(
      {
        'app.arc': '@app\ntestapp\n@http\nget /\n@plugins\nown\n@aws\nruntime shout\n',
        'src/plugins/own.js': `${own}
          const make = async ({ inventory }) => { ${build} };
          const later = require('node:timers/promises').setTimeout;
          module.exports = {
            set: { runtimes: () => ({ name: 'shout', type: 'transpiled', build: '.build', baseRuntime: 'nodejs24.x' }) },
            sandbox: { start: async (given) => { await later(300); await make(given); }, watcher: (given) => given.filename.endsWith('.shout') ? make(given) : undefined },
          };`,
        'src/http/get-index/index.shout': 'one',
      },
      { isWatching: true },
    );
    const body = async () => (await fetch(app.sandbox.url)).text();
    expect(await body()).toBe('ONE');
    // The first build, without the plugin's, has ended by then.
    expect(await app.sandbox.built).toMatchObject([{ label: 'get /', isMissing: false, isServing: true }]);
    await app.sandbox.watching;
    await app.save('src/http/get-index/index.shout', 'two');
    await expect.poll(body).toBe('TWO');
  });

  test('find the variables of the app and where its tables are', async () => {
    const before = process.env['GREETING'];
    await using app = await openApp(
      {
        'app.arc': `${manifest}@tables\nrooms\n  id *String\n`,
        '.env': 'GREETING=hello\n',
        'src/plugins/own.js': `${own}
          const arc = require('@architect/functions');
          module.exports = {
            set: { env: () => ({ GREETING: 'of the plugin', OTHER: 'other' }) },
            sandbox: { async start(given) {
              const { rooms } = await arc.tables();
              await rooms.put({ id: 'hall', said: process.env.GREETING });
              note(cwdOf(given), JSON.stringify([await rooms.get({ id: 'hall' }), process.env.OTHER, process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'none']));
            } },
          };`,
      },
      { packages: { '@architect/functions': 'architect-functions' }, withVariables },
    );
    expect(await notes(app)).toBe('[{"id":"hall","said":"hello"},"other","none"]\n');
    expect(process.env['GREETING']).toBe(before);
  });

  test('services are in arc.services()', async () => {
    await using app = await openApp({
      'app.arc': '@app\ntestapp\n@http\nget /\n@plugins\nmy-own\n',
      'src/plugins/my-own.js': `module.exports = { deploy: { services: async ({ stage, cloudformation, inventory }) => (
        { bucket: stage + String(cloudformation) + inventory.inv._arc.deployStage, count: 3 }) } };`,
      'src/http/get-index/index.js': `const arc = require('@architect/functions');
        exports.handler = async () => ({ statusCode: 200, body: JSON.stringify((await arc.services()).my_own) });`,
    });
    expect(await (await fetch(app.sandbox.url)).json()).toEqual({ bucket: 'testingnullnull', count: '3' });
  });

  test('one that takes long is named, and waited for', async () => {
    await using folder = await openTemporaryFolder();
    const clock = createMovableClock();
    const opening = openApp(
      plugin(`${own} module.exports = { sandbox: { async start(given) {
        note(cwdOf(given), 'started');
        while (!require('node:fs').existsSync(join(cwdOf(given), 'go'))) await new Promise((resolve) => setTimeout(resolve, 10));
      } } };`),
      { clock, projectDir: folder.path },
    );
    await expect.poll(() => folder.read('notes').catch(() => '')).toBe('started\n');
    clock.advance(5000);
    await folder.write('go', '');
    await using app = await opening;
    expect(noticesOf(app)).toMatchObject([
      { text: 'The plugin "own" has been in sandbox.start for 5 seconds; it is waited for.' },
    ]);
  });

  test('one that fails while the sandbox starts ends it', async () => {
    const opening = openApp(
      plugin(`module.exports = { sandbox: { async start({ inventory }) { inventory.get.nothing(); } } };`),
    );
    await expect(opening).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      message: expect.stringMatching(
        /plugin "own" failed in sandbox\.start \(.*own\.js\): TypeError: .*nothing.* \(.*own\.js:1:\d+\)/,
      ),
    });
  });
});
