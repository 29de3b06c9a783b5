import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { ensureBuilt, repository } from '../../../test/support/built.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const bin = join(repository, 'packages', 'cli', 'bin', 'arc.js');

beforeAll(ensureBuilt, 60_000);
vi.setConfig({ testTimeout: 30_000 });

/** Runs a command of an app whose plugin `own` is this code: in a process of its own, because the code may end it. */
async function runPlugged(args: readonly string[], plugin: string) {
  await using folder = await openTemporaryFolder({
    'app.arc': '@app\nplugged\n@http\nget /\n@plugins\nown\n',
    'src/http/get-index/index.js': 'exports.handler = async () => ({ statusCode: 200 });',
    'src/plugins/own.js': plugin,
  });
  return await new Promise<{ exitCode: unknown; output: string; errors: string }>((resolve) => {
    execFile(process.execPath, [bin, ...args], { cwd: folder.path }, (failed, output, errors) =>
      resolve({ exitCode: failed?.code ?? 0, output, errors }),
    );
  });
}

const ends = 'process.exit(0);';

test.for([
  { args: ['package'], plugin: `exports.deploy = { start() { ${ends} } };`, who: 'deploy.start' },
  { args: ['package'], plugin: `exports.deploy = { async end() { ${ends} } };`, who: 'deploy.end' },
  { args: ['package'], plugin: `exports.set = { env() { ${ends} } };`, who: 'set.env' },
  { args: ['package'], plugin: ends, who: 'Code' },
  { args: ['sandbox', '--port', '0'], plugin: `exports.sandbox = { start() { ${ends} } };`, who: 'sandbox.start' },
])('$who may not end the process of arc $args.0 as if all were well', async ({ args, plugin, who }) => {
  const { exitCode, errors } = await runPlugged(args, plugin);
  expect(errors).toContain(`PLUGIN_HOOK  ${who} of the plugin "own" (`);
  expect(errors).toContain('ended the process with exit code 0, before the command had ended.');
  expect(exitCode).toBe(1);
});

test('an exit code of its own is kept, and the hook is named', async () => {
  const { exitCode, errors } = await runPlugged(['package'], 'exports.deploy = { start() { process.exit(4) } };');
  expect(errors).toContain('deploy.start of the plugin "own"');
  expect(exitCode).toBe(4);
});

test('a plugin that ends the process after its hook', async () => {
  const late = 'exports.deploy = { start() { setImmediate(() => process.exit(0)) } };';
  const { exitCode, errors } = await runPlugged(['package'], late);
  expect(errors).toContain('PROCESS_ENDED');
  expect(exitCode).toBe(1);
});

test('a hook that waits for nothing is named after 5 seconds, and then is an error', async () => {
  const waits = 'exports.deploy = { start: () => new Promise(() => {}) };';
  const { exitCode, output, errors } = await runPlugged(['package'], waits);
  expect(output).toContain('own: deploy.start has run for 5 seconds; it is waited for');
  expect(errors).toContain('deploy.start of the plugin "own" (');
  expect(errors).toContain('never ends: it waits, and nothing is left to wait for.');
  expect(exitCode).toBe(13);
});

test('what plugins do well ends well', async () => {
  const { exitCode, errors } = await runPlugged(['package'], 'exports.deploy = { start: async () => {} };');
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
});
