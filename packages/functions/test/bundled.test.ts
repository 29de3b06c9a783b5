import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Format } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Lambda starts Node 20 and 22 with this flag. */
const withoutRequireEsm = '--no-experimental-require-module';
const library = join(import.meta.dirname, '..', 'src', 'index.ts');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'furrow-functions-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Bundles a handler file with the library, as the build does, and runs it. */
async function run(name: string, contents: string, format: Format): Promise<{ stdout: string; stderr: string }> {
  const outfile = join(folder, `${name}.${format === 'cjs' ? 'cjs' : 'mjs'}`);
  await build({
    stdin: { contents, resolveDir: import.meta.dirname, sourcefile: 'handler.js' },
    alias: { '@architect/functions': library },
    conditions: ['@furrow/source'],
    bundle: true,
    platform: 'node',
    sourcemap: 'inline',
    outfile,
    format,
  });
  const command = promisify(execFile)(process.execPath, [withoutRequireEsm, '--enable-source-maps', outfile], {
    env: {},
  });
  return command.catch((error: { stdout: string; stderr: string }) => error);
}

const print = 'console.log(typeof send, arc.static("a"));';

test.for([
  {
    why: 'require',
    format: 'cjs',
    code: `const arc = require('@architect/functions'); const { send } = arc.ws; ${print}`,
  },
  {
    why: 'require, taken apart',
    format: 'cjs',
    code: `const { ws, default: arc } = require('@architect/functions'); const { send } = ws; ${print}`,
  },
  {
    why: 'require, default',
    format: 'cjs',
    code: `const arc = require('@architect/functions').default; const { send } = arc.ws; ${print}`,
  },
  {
    why: 'import of both, as CommonJS',
    format: 'cjs',
    code: `import arc, { ws } from '@architect/functions'; const { send } = ws; ${print}`,
  },
  {
    why: 'import of both',
    format: 'esm',
    code: `import arc, { ws } from '@architect/functions'; const { send } = ws; ${print}`,
  },
  {
    why: 'import of everything',
    format: 'esm',
    code: `import * as arc from '@architect/functions'; const { send } = arc.ws; ${print}`,
  },
] as const)('$why', async ({ why, format, code }) => {
  const { stdout, stderr } = await run(why.replaceAll(/\W/g, '-'), code, format);
  expect(stderr).toBe('');
  expect(stdout).toBe('function /_static/a\n');
});

test.for(['cjs', 'esm'] as const)('the first request loads the rest: %s', async (format) => {
  const code = `import arc from '@architect/functions'; arc.ws.send({ id: 'x', payload: '' }).catch((e) => console.log(e.code));`;
  expect((await run(`lazy-${format}`, code, format)).stdout).toBe('ENDPOINT_MISSING\n');
});

test.for(['cjs', 'esm'] as const)('sessions have all that they need in the bundle: %s', async (format) => {
  const code = `import arc from '@architect/functions';
    const event = { version: '2.0', routeKey: 'GET /', requestContext: {}, headers: { 'accept-encoding': 'br' } };
    print(arc.http.async(async () => ({ session: { a: 1 }, html: 'hi' }))(event, {}));
    async function print(answer) {
      const { headers } = await answer;
      const session = await arc.http.session.read({ headers: { Cookie: headers['set-cookie'].split(';')[0] } });
      console.log(headers['content-encoding'], session.a);
    }`;
  expect(await run(`sessions-${format}`, code, format)).toEqual({ stdout: 'br 1\n', stderr: '' });
});

test('a callback that throws ends the process with its own stack', async () => {
  const code = `import arc from '@architect/functions';
    function myCallback() { throw new Error('mine'); }
    arc.ws.send({ id: '', payload: '' }, myCallback);`;
  const { stderr } = await run('throws', code, 'esm');
  expect(stderr).toContain('Error: mine');
  expect(stderr).toMatch(/at .*myCallback.*handler\.js:2/);
  expect(stderr).not.toContain('unhandled');
});

test('a stack names the file of the handler', async () => {
  const code = `import arc from '@architect/functions';
    arc.ws.send({ id: 'x', payload: '' }).catch((error) => console.log(error.stack.split('\\n')[1]));`;
  const { stdout } = await run('stack', code, 'esm');
  expect(stdout).toMatch(/handler\.js:2:\d+/);
});
