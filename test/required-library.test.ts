import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { ensureBuilt, repository } from './support/built.ts';

const library = join(repository, 'packages', 'functions', 'dist', 'cjs', 'index.js');

/** What a script prints that has `arc` and `loaded()`, on a Node that cannot require ES modules, as on Lambda. */
async function run(script: string): Promise<unknown> {
  const text = `
    const arc = require(${JSON.stringify(library)});
    const loaded = () => Object.keys(require.cache).filter((file) => file.includes('functions')).map((file) => file.split('/cjs/')[1]);
    (async () => { ${script} })().then((value) => console.log(JSON.stringify(value)));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-experimental-require-module', '-e', text]);
  return JSON.parse(stdout);
}

beforeAll(() => ensureBuilt(), 120_000);

test('require of the library loads what is needed at once', async () => {
  expect(await run('return loaded();')).toEqual(['index.js', 'core.js']);
});

test('what is of others comes with its first use', async () => {
  const script = `
    const cookie = await arc.http.session.write({ a: 1 });
    const { a } = await arc.http.session.read({ headers: { cookie: cookie.split(';')[0] } });
    const { code, stack } = await arc.ws.send({ id: 'x', payload: '' }).catch((error) => error);
    const ofOthers = loaded().filter((file) => file.startsWith('vendor'));
    return [a, code, /at .*\\[eval\\]/.test(stack.split('\\n')[1]), ofOthers];`;
  expect(await run(script)).toEqual([1, 'ENDPOINT_MISSING', true, ['vendor/cookie.js', 'vendor/jose.js']]);
});
