import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedFolders } from '../src/index.ts';
import { failureOf, openProject, valueOf, type Files, type ProjectOptions } from './open-project.ts';

const both = { shared: true, views: true };
const folders = { shared: 'src/shared', views: 'src/views' };

/** A project whose functions have `src/shared` and `src/views`, unless they are not given to them. */
async function open(
  files: Files,
  functions: readonly { readonly name: string; readonly given?: { shared: boolean; views: boolean } }[] = [
    { name: 'ws/default' },
  ],
  options: Partial<ProjectOptions> = {},
) {
  const project = await openProject({ ...options, files, functions: [] });
  await project.executor.setFunctions(
    functions.map(({ name, given = both }) =>
      project.target({ name, shared: sharedFolders(project.dir, folders, given) }),
    ),
  );
  return project;
}

const cjs = (expression: string) => `exports.handler = async () => (${expression});`;

describe('a handler imports', () => {
  test.for<{ why: string; files: Files; value: unknown }>([
    {
      why: 'CommonJS',
      files: {
        'src/ws/default/index.js': cjs(`require('@architect/shared/a')`),
        'src/shared/a.js': 'module.exports = 1',
      },
      value: 1,
    },
    {
      why: 'an ES module by its ending',
      files: {
        'src/ws/default/index.mjs': `import a from '@architect/shared/a.mjs'; export const handler = async () => a;`,
        'src/shared/a.mjs': 'export default 2',
      },
      value: 2,
    },
    {
      why: 'TypeScript without an ending, and with that of JavaScript',
      files: {
        'src/ws/default/index.ts': `import { a } from '@architect/shared/a'; import { b } from '@architect/shared/lib/b.js'; export const handler = async () => [a, b];`,
        'src/shared/a.ts': 'export const a: number = 1',
        'src/shared/lib/b.ts': 'export const b: number = 2',
      },
      value: [1, 2],
    },
    {
      why: 'its index',
      files: {
        'src/ws/default/index.js': cjs(`[require('@architect/shared'), require('@architect/shared/lib')]`),
        'src/shared/index.js': 'module.exports = "index"',
        'src/shared/lib/index.js': 'module.exports = "lib"',
      },
      value: ['index', 'lib'],
    },
    {
      why: 'what its package.json says',
      files: {
        'src/ws/default/index.js': cjs(`require('@architect/shared')`),
        'src/shared/package.json': '{ "main": "main.js" }',
        'src/shared/main.js': 'module.exports = "main"',
      },
      value: 'main',
    },
    {
      why: 'JSON',
      files: { 'src/ws/default/index.js': cjs(`require('@architect/shared/words')`), 'src/shared/words.json': '["a"]' },
      value: ['a'],
    },
    {
      why: 'views, which import shared code, which imports shared code by both ways',
      files: {
        'src/ws/default/index.js': cjs(`require('@architect/views/page')()`),
        'src/views/page.js': `const a = require('@architect/shared/a'); module.exports = () => '<b>' + a + '</b>'`,
        'src/shared/a.js': `module.exports = require('./b') + require('@architect/shared/lib/c')`,
        'src/shared/b.js': 'module.exports = "b"',
        'src/shared/lib/c.js': 'module.exports = "c"',
      },
      value: '<b>bc</b>',
    },
    {
      why: 'CommonJS in a project of ES modules',
      files: {
        'package.json': '{ "type": "module" }',
        'src/ws/default/index.js': cjs(`require('@architect/shared/a').a`),
        'src/shared/a.js': `exports.a = require('./b')`,
        'src/shared/b.js': 'module.exports = 3',
      },
      value: 3,
    },
    {
      why: 'what the paths of a tsconfig.json say',
      files: {
        'tsconfig.json':
          '{ "compilerOptions": { "paths": { "~/*": ["./src/lib/*"], "@architect/shared/*": ["./src/shared/*"] } } }',
        'src/ws/default/index.ts': `import { a } from '@architect/shared/a'; import { b } from '~/b'; export const handler = async () => a + b;`,
        'src/shared/a.ts': `import { b } from '~/b'; export const a: number = b`,
        'src/lib/b.ts': 'export const b: number = 2',
      },
      value: 4,
    },
    {
      why: 'packages of the project, of the folder and of the function through shared code',
      files: {
        'src/ws/default/index.js': cjs(`require('@architect/shared/a')`),
        'src/shared/a.js': `module.exports = [require('one'), require('two'), require('three')]`,
        'node_modules/one/index.js': 'module.exports = 1',
        'src/shared/node_modules/two/index.js': 'module.exports = 2',
        'src/ws/default/node_modules/three/index.js': 'module.exports = 3',
      },
      value: [1, 2, 3],
    },
    {
      why: 'the folder, not a copy that Architect has left',
      files: {
        'src/ws/default/index.js': cjs(`require('@architect/shared/a')`),
        'src/shared/a.js': 'module.exports = "new"',
        'src/ws/default/node_modules/@architect/shared/a.js': 'module.exports = "old"',
      },
      value: 'new',
    },
    {
      why: 'what may be missing',
      files: {
        'src/ws/default/index.js': `let a; try { a = require('@architect/shared/a') } catch { a = 'none' }\n${cjs('a')}`,
      },
      value: 'none',
    },
    {
      why: 'names of static files, of which the sandbox has none',
      files: { 'src/ws/default/index.js': cjs(`require('@architect/shared/static.json')`) },
      value: {},
    },
  ])('$why', async ({ files, value }) => {
    await using project = await open(files);
    expect(valueOf(await project.invoke())).toEqual(value);
  });
});

describe('a handler reads', () => {
  const page = { 'src/views/page.html': '<p>', 'src/views/parts/top.html': '<i>' };
  test.for<{ why: string; files: Files; value: unknown }>([
    {
      why: 'a view by its path',
      files: {
        'src/ws/default/index.js': cjs(`require('fs').readFileSync('node_modules/@architect/views/page.html', 'utf8')`),
      },
      value: '<p>',
    },
    {
      why: 'a view by require.resolve',
      files: {
        'src/ws/default/index.js': cjs(
          `require('fs').readFileSync(require.resolve('@architect/views/parts/top.html'), 'utf8')`,
        ),
      },
      value: '<i>',
    },
    {
      why: 'a view by require.resolve in an ES module',
      files: {
        'src/ws/default/index.mjs': `import { readFileSync } from 'node:fs'; import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
          export const handler = async () => readFileSync(require.resolve('@architect/views/page.html'), 'utf8');`,
      },
      value: '<p>',
    },
    {
      why: 'through shared code what lies beside that',
      files: {
        'src/ws/default/index.js': cjs(`require('@architect/views/parts/render')()`),
        'src/views/parts/render.js': `'use strict'; const { readFileSync } = require('fs'); const { join, basename } = require('path');
          module.exports = function () { return [readFileSync(join(__dirname, 'top.html'), 'utf8'), basename(__filename), this === undefined]; }`,
      },
      value: ['<i>', 'render.js', true],
    },
    {
      why: 'through a shared ES module what lies beside that',
      files: {
        'src/ws/default/index.mjs': `import render from '@architect/views/parts/render.mjs'; export const handler = async () => render();`,
        'src/views/parts/render.mjs': `import { readFileSync } from 'node:fs'; import { dirname, join } from 'node:path'; import { fileURLToPath } from 'node:url';
          const __dirname = dirname(fileURLToPath(import.meta.url));
          export default () => [readFileSync(join(__dirname, 'top.html'), 'utf8'), readFileSync(new URL('../page.html', import.meta.url), 'utf8'), readFileSync(join(import.meta.dirname, 'top.html'), 'utf8')];`,
      },
      value: ['<i>', '<p>', '<i>'],
    },
    {
      why: 'through shared TypeScript what lies beside that, from CommonJS',
      files: {
        'src/ws/default/index.js': cjs(`require('@architect/views/parts/render').render()`),
        'src/views/parts/render.ts': `import { readFileSync } from 'node:fs';
          export const render = (): string => readFileSync(new URL('top.html', import.meta.url), 'utf8');`,
      },
      value: '<i>',
    },
    {
      why: 'code by a computed name',
      files: {
        'src/ws/default/index.js': cjs(`require('@architect/shared/' + ['a', 'b'].join('-'))`),
        'src/shared/a-b.js': 'module.exports = 1',
      },
      value: 1,
    },
  ])('$why', async ({ files, value }) => {
    await using project = await open({ ...page, ...files });
    expect(valueOf(await project.invoke())).toEqual(value);
  });

  test('nothing is written to the folders of the app', async () => {
    await using project = await open({
      ...page,
      'src/ws/default/index.js': cjs(`require('@architect/views/page.js')`),
      'src/views/page.js': 'module.exports = __dirname',
    });
    const built = join(await realpath(project.dir), '.furrow/build/ws~default/node_modules/@architect/views');
    expect(valueOf(await project.invoke())).toBe(built);
    expect(await readdir(project.path('src/ws/default'))).toEqual(['index.js']);
    expect((await readdir(project.path('src/views'))).toSorted()).toEqual(['page.html', 'page.js', 'parts']);
  });
});

test('an error in a shared module that says where it is has the place in its source', async () => {
  await using project = await open({
    'src/ws/default/index.js': cjs(`require('@architect/shared/a')()`),
    'src/shared/a.js': `const { join } = require('path');\nconst place = join(__dirname, 'x');\nmodule.exports = () => {\n  throw new Error(place);\n};\n`,
  });
  expect(failureOf(await project.invoke()).trace.join('\n')).toContain('src/shared/a.js:4:9');
});

test.for([
  { why: 'shared code', given: { shared: false, views: true }, path: '@architect/shared/a', says: '"shared true"' },
  { why: 'views', given: { shared: true, views: false }, path: '@architect/views/a', says: '"views true"' },
])('$why that is not given to a function is not found by it', async ({ given, path, says }) => {
  const files = {
    'src/ws/default/index.js': `const a = 1;\nconst b = require('${path}');\n${cjs('b')}`,
    'src/shared/a.js': 'module.exports = 1',
    'src/views/a.js': 'module.exports = 1',
  };
  await using project = await open(files, [{ name: 'ws/default', given }]);
  const { errorType, errorMessage } = failureOf(await project.invoke());
  expect(errorType).toBe('Runtime.UserCodeSyntaxError');
  expect(errorMessage).toContain('src/ws/default/index.js:2:19 ');
  expect(errorMessage).toContain(`"${path}" is not given to this function. Write ${says} below @arc in its config.arc`);
});

const names = (reports: readonly { readonly functionName: string }[]) => reports.map((each) => each.functionName);

describe('a save', () => {
  const files = {
    'src/shared/used.js': 'module.exports = 1',
    'src/shared/other.js': 'module.exports = 1',
    'src/views/page.html': 'old',
    'src/ws/uses/index.js': cjs(`require('@architect/shared/used')`),
    'src/ws/reads/index.js': cjs(`require('fs').readFileSync('node_modules/@architect/views/page.html', 'utf8')`),
    'src/ws/neither/index.js': cjs('1'),
  };
  const functions = ['ws/uses', 'ws/reads', 'ws/neither'].map((name) => ({ name }));

  test('of shared code builds the functions again that use it', async () => {
    await using project = await open(files, functions);
    expect(valueOf(await project.invoke({}, { name: 'ws/uses' }))).toBe(1);
    expect(names(await project.save({ 'src/shared/other.js': 'module.exports = 2' }))).toEqual(['ws/reads']);
    expect(names(await project.save({ 'src/shared/used.js': 'module.exports = 2' }))).toEqual(['ws/uses', 'ws/reads']);
    expect(valueOf(await project.invoke({}, { name: 'ws/uses' }))).toBe(2);
  });

  test('of a view reaches those that read it', async () => {
    await using project = await open(files, functions);
    expect(valueOf(await project.invoke({}, { name: 'ws/reads' }))).toBe('old');
    const reports = await project.save({ 'src/views/page.html': 'new' });
    expect(reports.map(({ functionName, hasChanged }) => [functionName, hasChanged])).toEqual([['ws/reads', true]]);
    expect(valueOf(await project.invoke({}, { name: 'ws/reads' }))).toBe('new');
  });

  test('of a module that was missing mends a function', async () => {
    await using project = await open({ 'src/ws/default/index.js': cjs(`require('@architect/shared/a')`) });
    expect(failureOf(await project.invoke()).errorMessage).toContain('Could not resolve "@architect/shared/a"');
    await project.save({ 'src/shared/a.js': 'module.exports = 1' });
    expect(valueOf(await project.invoke())).toBe(1);
  });
});

test('the folder may be a link out of the project', async () => {
  await using project = await openProject({
    files: {
      '../common/a.js': `module.exports = require('fs').readFileSync(__dirname + '/a.txt', 'utf8')`,
      '../common/a.txt': 'linked',
      'src/ws/default/index.js': cjs(`require('@architect/shared/a')`),
    },
    functions: [],
  });
  await mkdir(project.path('src'), { recursive: true });
  await symlink(project.path('../common'), project.path('src/shared'), 'junction');
  const shared = sharedFolders(project.dir, folders, both);
  await project.executor.setFunctions([project.target({ name: 'ws/default', shared })]);
  expect(valueOf(await project.invoke())).toBe('linked');
});

/** A Python that has awslambdaric; CONTRIBUTING.md says how to make it. */
const venv = join(import.meta.dirname, '..', '..', '..', '.cache', 'aws', 'venv');
const hasClient = (await readdir(join(venv, 'lib')).catch(() => [])).some((version) =>
  existsSync(join(venv, 'lib', version, 'site-packages', 'awslambdaric')),
);

test.runIf(hasClient)('a Python handler imports and reads it, and a save reaches it', async () => {
  await using project = await openProject({
    files: {
      'src/ws/default/index.py': `from shared import rooms
import rooms as same
def handler(event, context):
    with open('vendor/views/page.html') as page:
        return [rooms.name, same.name, page.read()]
`,
      'src/shared/rooms.py': `name = 'lobby'\n`,
      'src/views/page.html': '<p>',
    },
    functions: [],
  });
  await symlink(venv, project.path('.venv'));
  const shared = sharedFolders(project.dir, folders, both);
  await project.executor.setFunctions([project.target({ name: 'ws/default', runtime: 'python3.13', shared })]);
  expect(valueOf(await project.invoke())).toEqual(['lobby', 'lobby', '<p>']);
  await project.save({ 'src/shared/rooms.py': `name = 'garden'\n` });
  expect(valueOf(await project.invoke())).toEqual(['garden', 'garden', '<p>']);
});
