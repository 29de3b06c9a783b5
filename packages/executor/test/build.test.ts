import { existsSync } from 'node:fs';
import { readFile, rm, stat, symlink, utimes } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, openProject, returned, valueOf, type Files, type Project } from './open-project.ts';

interface Row {
  readonly why: string;
  /** Relative to the function's folder. */
  readonly files: Files;
  readonly value?: unknown;
  readonly handler?: string;
}

/** Opens one project with a function for each row; a test then runs its own. */
function describeRows(title: string, shared: Files, rows: readonly Row[]): void {
  describe(`a handler ${title}`, () => {
    let project: Project;
    beforeAll(async () => {
      const files: Record<string, string | Uint8Array> = { ...shared };
      rows.forEach((row, index) => {
        for (const [file, text] of Object.entries(row.files)) files[`src/ws/f${index}/${file}`] = text;
      });
      const functions = rows.map(({ handler = 'index.handler' }, index) => ({ name: `ws/f${index}`, handler }));
      project = await openProject({ files, functions });
      expect((await project.executor.ready).flatMap(({ problems }) => problems)).toEqual([]);
    });
    afterAll(() => project[Symbol.asyncDispose]());
    test.for(rows.map((row, index) => ({ ...row, index })))('$why', async ({ index, value = 'ok' }) => {
      expect(await project.invoke({ word: 'ok' }, { name: `ws/f${index}` })).toEqual(returned(value));
    });
  });
}

const cjs = 'exports.handler = async (event) => event.word;';
const esm = 'export const handler = async (event) => event.word;';
const greeting = 'node_modules/greeting/package.json';

describeRows(
  'may be',
  {
    [greeting]: '{ "name": "greeting", "main": "main.js" }',
    'node_modules/greeting/main.js': 'module.exports = (word) => "hello " + word;',
  },
  [
    { why: 'CommonJS in .js', files: { 'index.js': cjs } },
    { why: 'CommonJS in .cjs', files: { 'index.cjs': cjs } },
    { why: 'an ES module in .js', files: { 'index.js': esm } },
    { why: 'an ES module in .mjs', files: { 'index.mjs': esm } },
    {
      why: 'TypeScript',
      files: { 'index.ts': 'export const handler = async (event: { word: string }): Promise<string> => event.word;' },
    },
    {
      why: 'TypeScript with JSX',
      files: {
        'index.tsx':
          'const React = { createElement: (tag: string, _p: unknown, text: string) => `<${tag}>${text}` };\nexport const handler = async (event: any) => <p>{event.word}</p>;',
      },
      value: '<p>ok',
    },
    {
      why: 'JSX in .jsx',
      files: {
        'index.jsx':
          'const h = (tag, _p, text) => tag + text; /** @jsx h */ export const handler = async () => <b>x</b>;',
      },
      value: 'bx',
    },
    {
      why: 'JSX in a CommonJS .js',
      files: { 'index.js': 'const h = (t) => t; /** @jsx h */ exports.handler = async () => <b/>;' },
      value: 'b',
    },
    {
      why: 'a default export with a handler',
      files: { 'index.mjs': 'export default { handler: async () => "d" };' },
      value: 'd',
    },
    {
      why: 'module.exports with a handler',
      files: { 'index.js': 'module.exports = { handler: async () => "m" };' },
      value: 'm',
    },
    {
      why: 'in a file of another name',
      handler: 'main.run',
      files: { 'main.js': 'exports.run = async () => "run";' },
      value: 'run',
    },
    { why: 'in a folder', handler: 'lib/main.handler', files: { 'lib/main.mjs': esm } },
    {
      why: 'CommonJS that is not strict',
      files: { 'index.js': 'exports.handler = async () => { undeclared = 010; return undeclared + typeof this; };' },
      value: '8object',
    },
    {
      why: 'an ES module with top-level await',
      files: { 'index.mjs': 'const word = await Promise.resolve("late"); export const handler = async () => word;' },
      value: 'late',
    },
    {
      why: 'an ES module that looks at import.meta',
      files: {
        'index.mjs':
          'export const handler = async () => import.meta.url.startsWith("file:") && __dirname === import.meta.dirname;',
      },
      value: true,
    },
    {
      why: 'an ES module that requires',
      files: {
        'index.mjs': 'const path = require("node:path"); export const handler = async () => path.basename("/a/b");',
      },
      value: 'b',
    },
    {
      why: 'one that calls back',
      files: { 'index.js': 'exports.handler = (event, context, done) => setTimeout(done, 1, null, event.word);' },
    },
    {
      why: 'one with a JSON file and siblings',
      files: {
        'index.js':
          'exports.handler = async () => [require("./data.json").a, require("./lib"), require("./lib/one.js")];',
        'data.json': '{ "a": 1 }',
        'lib/index.js': 'module.exports = 2;',
        'lib/one.js': 'module.exports = 3;',
      },
      value: [1, 2, 3],
    },
    {
      why: 'one that requires computed paths',
      files: {
        'index.js':
          'const { join } = require("node:path");\nexports.handler = async () => ["a", "b"].map((name) => require(join(__dirname, "parts", name)));\nrequire("./parts/b.js");',
        'parts/a.js': 'module.exports = "a" + require("./b.js");',
        'parts/b.js': 'module.exports = "b";',
      },
      value: ['ab', 'b'],
    },
    {
      why: 'one that reads files of its folder',
      files: {
        'index.js':
          'const { readFileSync: read } = require("node:fs");\nexports.handler = async () => [read(__dirname + "/views/a.html", "utf8"), read("views/a.html", "utf8"), read(__dirname + "/index.js.map").length > 0];',
        'views/a.html': '<p>',
        // A build has its own source map.
        'index.js.map': '',
      },
      value: ['<p>', '<p>', true],
    },
    {
      why: 'one that reads a file which is in the bundle too',
      files: {
        'index.mjs':
          'import { readFileSync } from "node:fs";\nimport data from "./data.json";\nexport const handler = async () => readFileSync("data.json", "utf8") + data.a;',
        'data.json': '{"a":1}',
      },
      value: '{"a":1}1',
    },
    {
      why: 'one with a dependency',
      files: { 'index.js': 'exports.handler = async () => require("greeting")("you");' },
      value: 'hello you',
    },
    {
      why: 'one that would need an SDK which is not there',
      files: {
        'index.js':
          'exports.handler = async () => { try { require("@aws-sdk/client-dynamodb"); } catch (error) { return error.code; } };',
      },
      value: 'MODULE_NOT_FOUND',
    },
  ],
);

describeRows('in a project inside of one of type module may be', { '../package.json': '{ "type": "module" }' }, [
  { why: 'CommonJS', files: { 'index.js': cjs } },
  { why: 'an ES module', files: { 'index.js': esm } },
]);

describeRows('in a project of type module may be', { 'package.json': '{ "type": "module" }' }, [
  { why: 'CommonJS', files: { 'index.js': cjs } },
  {
    why: 'CommonJS with CommonJS siblings and JSON',
    files: {
      'index.js': 'const two = require("./two"); exports.handler = async () => two + require("./data.json").a;',
      'two.js': 'module.exports = 2;',
      'data.json': '{ "a": 1 }',
    },
    value: 3,
  },
  {
    why: 'CommonJS that is not strict',
    files: { 'index.js': 'exports.handler = async () => (undeclared = 1);' },
    value: 1,
  },
  { why: 'an ES module', files: { 'index.js': esm } },
  {
    why: 'an ES module that imports a CommonJS file',
    files: {
      'index.js': `import two from './two.js';\nexport const handler = async () => two;`,
      'two.js': 'module.exports = 2;',
    },
    value: 2,
  },
  {
    why: 'CommonJS that requires its own folder',
    files: {
      'index.js': 'exports.handler = async () => require("./lib/inner").word(); exports.word = "own";',
      'lib/inner.js': 'exports.word = () => require("..").word;',
    },
    value: 'own',
  },
]);

describe('@architect/functions', () => {
  const files = {
    'src/ws/cjs/index.js': `const arc = require('@architect/functions');\nexports.handler = async () => arc.ws.send({ id: 'one', payload: { a: 1 } });`,
    'src/ws/named/index.js': `const { ws } = require('@architect/functions');\nexports.handler = async () => ws.send({ id: 'two', payload: 'text' });`,
    'src/ws/esm/index.mjs': `import arc from '@architect/functions';\nexport const handler = async () => arc.ws.send({ id: 'three', payload: [] });`,
    'src/ws/star/index.ts': `import { ws } from '@architect/functions';\nexport const handler = async () => ws.close({ id: 'four' });`,
  };
  const functions = ['cjs', 'named', 'esm', 'star'].map((name) => ({ name: `ws/${name}` }));

  test('leaves nothing to be watched that is no file', async () => {
    const sends = `exports.handler = async () => typeof require('@architect/functions').ws.send;`;
    await using project = await openProject({ files: { 'src/ws/default/index.js': sends } });
    expect(await project.invoke({})).toEqual(returned('function'));
    const inputs = project.executor.inputs();
    expect(inputs.filter((file) => !existsSync(file))).toEqual([]);
    expect(inputs.length).toBeGreaterThan(1);
  });

  test('is ours where the app has none', async () => {
    await using project = await openProject({ files, functions });
    for (const { name } of functions) expect(await project.invoke({}, { name })).toEqual(returned(null));
    expect(project.sent).toEqual([
      { type: 'send', connectionId: 'one', text: '{"a":1}' },
      { type: 'send', connectionId: 'two', text: 'text' },
      { type: 'send', connectionId: 'three', text: '[]' },
      { type: 'close', connectionId: 'four', text: '' },
    ]);
  });

  test("is the app's own where it has one", async () => {
    const own = `const call = async ({ id }) => 'own ' + id; exports.ws = { send: call, close: call };`;
    await using project = await openProject({
      files: {
        ...files,
        'node_modules/@architect/functions/package.json': '{ "name": "@architect/functions", "main": "main.js" }',
        'node_modules/@architect/functions/main.js': own,
      },
      functions,
    });
    const values = [];
    for (const { name } of functions) values.push(valueOf(await project.invoke({}, { name })));
    expect(values).toEqual(['own one', 'own two', 'own three', 'own four']);
    expect(project.sent).toEqual([]);
  });
});

describe('a stack names the source', () => {
  const boom = `// A line that a build removes.\n\n    throw new Error('boom');\n`;
  test.for([
    {
      why: 'TypeScript',
      file: 'index.ts',
      text: `interface Big { a: 1 }\n\nexport const handler = async (_event: Big) => {${boom}};`,
      place: 'src/ws/default/index.ts:5:',
    },
    {
      why: 'an ES module',
      file: 'index.mjs',
      text: `export async function handler() {${boom}}`,
      place: 'index.mjs:3:',
    },
    { why: 'CommonJS', file: 'index.js', text: `exports.handler = async () => {${boom}};`, place: 'index.js:3:' },
    {
      why: 'CommonJS in a project of type module',
      file: 'index.js',
      text: `exports.handler = async () => {${boom}};`,
      place: 'src/ws/default/index.js:3:',
      type: 'module',
    },
  ])('$why', async ({ file, text, place, type = 'commonjs' }) => {
    await using project = await openProject({
      files: { [`src/ws/default/${file}`]: text, 'package.json': JSON.stringify({ type }) },
    });
    const { errorType, errorMessage, trace } = failureOf(await project.invoke());
    expect({ errorType, errorMessage, first: trace[0] }).toEqual({
      errorType: 'Error',
      errorMessage: 'boom',
      first: 'Error: boom',
    });
    expect(trace[1]).toContain(project.path('src/ws/default/'));
    expect(trace[1]).toContain(place);
  });
});

describe('an @http function', () => {
  test('may leave out the status', async () => {
    await using project = await openProject({
      files: { 'src/http/get-index/index.js': `exports.handler = async () => ({ type: 'text/html', body: '<p>' });` },
      functions: [{ name: 'http/get-index' }],
    });
    expect(await project.invoke({}, { name: 'http/get-index' })).toEqual(
      returned({ statusCode: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }),
    );
  });
});

describe('a function that cannot be built', () => {
  test('says that its folder is missing', async () => {
    await using project = await openProject({ files: {} });
    const [report] = await project.executor.ready;
    expect(report).toMatchObject({ functionName: 'ws/default', hasChanged: false, problems: [] });
    expect(failureOf(await project.invoke())).toEqual({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: `"ws/default" has no handler: looked for index.js, index.mjs, index.cjs, index.ts, index.mts, index.cts, index.tsx, index.jsx in ${project.path('src/ws/default')}. Run "arc init" to create it.`,
      trace: [],
    });
  });

  test('says where its syntax is wrong, and each event fails', async () => {
    await using project = await openProject({ files: { 'src/ws/default/index.js': 'exports.handler = ;\n' } });
    const [report] = await project.executor.ready;
    expect(report?.problems).toEqual([
      {
        message: 'Unexpected ";"',
        file: 'src/ws/default/index.js',
        line: 1,
        column: 19,
        text: 'exports.handler = ;',
        length: 1,
      },
    ]);
    const outcomes = await Promise.all([project.invoke(), project.invoke(), project.invoke()]);
    expect(new Set(outcomes.map((outcome) => failureOf(outcome).errorMessage))).toEqual(
      new Set(['src/ws/default/index.js:1:19 Unexpected ";"']),
    );
    await project.save({ 'src/ws/default/index.js': cjs });
    expect(await project.invoke({ word: 'good' })).toEqual(returned('good'));
  });

  test('names an import that is nowhere', async () => {
    await using project = await openProject({ files: { 'src/ws/default/index.js': `require('nowhere');` } });
    expect(failureOf(await project.invoke()).errorMessage).toBe(
      'src/ws/default/index.js:1:9 Could not resolve "nowhere"',
    );
  });

  test('never rejects when files cannot be copied', async () => {
    await using project = await openProject({
      // Where the build wants to have a folder, there is a file.
      files: { 'src/ws/default/index.js': cjs, '.furrow/build': '' },
    });
    const [report] = await project.executor.ready;
    expect(report?.failure?.errorMessage).toMatch(/^"ws\/default" could not be copied from .*: E/);
    expect(failureOf(await project.invoke())).toEqual(report?.failure);
  });
});

describe('the folder of a build', () => {
  const base = 'src/ws/default';

  test('follows what is added, changed and removed', async () => {
    await using project = await openProject({
      files: { [`${base}/index.js`]: cjs, [`${base}/a`]: 'file', [`${base}/b/c`]: 'deep', [`${base}/same`]: 'same' },
    });
    await project.executor.ready;
    const built = (name: string) => project.path(`.furrow/build/ws~default/${name}`);
    expect(await readFile(built('b/c'), 'utf8')).toBe('deep');

    await Promise.all(['a', 'b'].map((name) => rm(project.path(`${base}/${name}`), { recursive: true })));
    const [changed] = await project.save({ [`${base}/a/inner`]: 'was a file', [`${base}/b`]: 'was a folder' });
    expect(changed?.hasChanged).toBe(true);
    expect(await readFile(built('a/inner'), 'utf8')).toBe('was a file');
    expect(await readFile(built('b'), 'utf8')).toBe('was a folder');

    await utimes(project.path(`${base}/same`), 1, 1);
    const [touched] = await project.executor.update([project.path(`${base}/same`)]);
    expect(touched).toMatchObject({ hasChanged: false });
    expect((await stat(built('same'))).mtimeMs).toBe(1000);

    await rm(project.path(base), { recursive: true });
    const [gone] = await project.save({ [`${base}/index.mjs`]: esm });
    expect(gone?.hasChanged).toBe(true);
    await expect(stat(built('index.js'))).rejects.toThrow('ENOENT');
    expect(await project.invoke({ word: 'module' })).toEqual(returned('module'));
  });

  test('follows links, but not in circles or nowhere', async () => {
    await using project = await openProject({ files: { [`${base}/other.txt`]: '', 'shared/view': 'shared' } });
    await symlink(project.path('shared'), project.path(`${base}/views`));
    await symlink(project.path(base), project.path(`${base}/circle`));
    await symlink(project.path('nowhere'), project.path(`${base}/nowhere`));
    const reader = `const { readFileSync, readdirSync } = require('node:fs');\nexports.handler = async () => [readFileSync('views/view', 'utf8'), readdirSync('.').sort()];`;
    await project.save({ [`${base}/index.js`]: reader });
    expect(await project.invoke()).toEqual(returned(['shared', ['index.js', 'index.js.map', 'other.txt', 'views']]));
  });

  test('takes many files', async () => {
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`${base}/d${index % 7}/${index}`, 'x']));
    await using project = await openProject({ files: { [`${base}/index.js`]: cjs, ...many } });
    await project.executor.ready;
    const [report] = await project.save({ [`${base}/d0/0`]: 'y' });
    expect(report?.hasChanged).toBe(true);
    expect(report?.durationMs).toBeLessThan(1500);
    expect(await readFile(project.path('.furrow/build/ws~default/d0/0'), 'utf8')).toBe('y');
  });

  test('is built while its files come and go', async () => {
    await using project = await openProject({ files: { [`${base}/index.js`]: cjs } });
    await project.executor.ready;
    const names = Array.from({ length: 300 }, (_, index) => `${base}/many/d${index % 10}/${index}`);
    const reports = [];
    for (let round = 0; round < 3; round += 1) {
      await project.save(Object.fromEntries(names.map((name) => [name, String(round)])));
      const update = project.executor.update([project.path(names[0] ?? '')]);
      await rm(project.path(`${base}/many`), { recursive: true });
      reports.push(...(await update));
    }
    expect(reports.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    expect(await project.invoke({ word: 'still' })).toEqual(returned('still'));
  });
});
