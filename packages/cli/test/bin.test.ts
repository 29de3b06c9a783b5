import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseJsonLines } from '../../../test/support/arc.ts';
import { ensureBuilt, repository } from '../../../test/support/built.ts';
import { openConnection } from '../../../test/support/connection.ts';
import { descendants, stillRunning } from '../../../test/support/processes.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const bin = join(repository, 'packages', 'cli', 'bin', 'arc.js');

beforeAll(ensureBuilt, 60_000);

function start(argv: readonly string[], cwd: string) {
  const child = spawn(process.execPath, [bin, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part));
  return { child, pid: child.pid!, exited: once(child, 'close'), errors: text(child.stderr), output: () => output };
}

async function run(argv: readonly string[], cwd: string) {
  const { exited, errors, output } = start(argv, cwd);
  const [exitCode] = await exited;
  return { exitCode, output: output(), errors: await errors };
}

describe('the command itself', () => {
  test.for([
    { argv: [], exitCode: 2, output: /\$ arc <command> \[options\]/, errors: /^$/ },
    { argv: ['--version'], exitCode: 0, output: /^arc\/0\.1\.0 /, errors: /^$/ },
    {
      argv: ['sandbx'],
      exitCode: 2,
      output: /^$/,
      errors: /^COMMAND_UNKNOWN .*\nFix: Did you mean "arc sandbox"\?\n$/,
    },
    { argv: ['sandbox'], exitCode: 1, output: /^$/, errors: /^MANIFEST_MISSING .*\nFix: / },
    { argv: ['init'], exitCode: 0, output: /^Furrow 0\.1 {2}testapp/, errors: /^$/ },
  ])('arc $argv exits with $exitCode', async ({ argv, exitCode, output, errors }) => {
    await using folder = await openTemporaryFolder();
    const result = await run(argv, folder.path);
    expect(result).toEqual({
      exitCode,
      output: expect.stringMatching(output),
      errors: expect.stringMatching(errors),
    });
  });

  test('what a plugin prints is not among the lines of --json', async () => {
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n@plugins\nown\n',
      'src/plugins/own.js': `module.exports = { set: { env: () => console.log('printed') ?? { A: 'b' } } }`,
    });
    const plain = await run(['doctor'], folder.path);
    expect(plain.output).toMatch(/^printed\nFurrow/);
    const json = await run(['doctor', '--json'], folder.path);
    expect(JSON.parse(json.output)).toMatchObject({ app: 'testapp' });
    expect(json.errors).toBe('printed\n');
  });

  test('a hook finds the tables of the sandbox by the library that came with the command', async () => {
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n@tables\nrooms\n  id *String\n@plugins\nown\n',
      'src/plugins/own.js': `const arc = require('@furrow/functions');
        exports.sandbox = { async start() {
          const { rooms } = await arc.tables();
          await rooms.put({ id: 'hall' });
          console.log('found', JSON.stringify(await rooms.get({ id: 'hall' })));
        } };`,
    });
    await mkdir(join(folder.path, 'node_modules', '@furrow'), { recursive: true });
    const library = join(repository, 'packages', 'functions');
    await symlink(library, join(folder.path, 'node_modules', '@furrow', 'functions'), 'junction');
    const arc = start(['sandbox', '--port', '0'], folder.path);
    await expect.poll(arc.output, { timeout: 10_000 }).toContain('found {"id":"hall"}');
    arc.child.kill('SIGINT');
    expect(await arc.exited).toEqual([0, null]);
  });

  test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s closes sockets with 1001, runs disconnect, and leaves no process behind',
    async (signal) => {
      await using folder = await openTemporaryFolder();
      await run(['init'], folder.path);
      const arc = start(['sandbox', '--port', '0', '--json'], folder.path);
      await expect.poll(() => parseJsonLines(arc.output()).length, { timeout: 10_000 }).toBeGreaterThan(0);
      const [ready] = parseJsonLines(arc.output());
      const connection = await openConnection(String(ready!['webSocketUrl']));
      expect(await connection.ask({ text: 'hello' })).toEqual({ text: 'hello' });
      const children = await descendants(arc.pid);
      expect(children.length).toBeGreaterThan(0);

      arc.child.kill(signal);
      expect(await connection.closed).toBe(1001);
      expect(await arc.exited).toEqual([0, null]);
      expect(await arc.errors).toBe('');
      await expect.poll(() => stillRunning(children), { timeout: 10_000 }).toEqual([]);
      expect(parseJsonLines(arc.output())).toContainEqual(expect.objectContaining({ type: 'disconnect', code: 1001 }));
    },
  );

  test('a second Ctrl-C does not wait for a handler that goes on', async () => {
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n@ws\n',
      'src/ws/default/index.js': `exports.handler = () => { console.log('began'); return new Promise(() => setInterval(() => {}, 1000)) }`,
    });
    await run(['init'], folder.path);
    const arc = start(['sandbox', '--port', '0', '--json'], folder.path);
    await expect.poll(() => parseJsonLines(arc.output()).length, { timeout: 10_000 }).toBeGreaterThan(0);
    const connection = await openConnection(String(parseJsonLines(arc.output())[0]!['webSocketUrl']));
    connection.send('x');
    await expect.poll(arc.output, { timeout: 10_000 }).toContain('began');
    const children = await descendants(arc.pid);
    arc.child.kill('SIGINT');
    await expect.poll(arc.output).toContain('"stopping"');
    arc.child.kill('SIGINT');
    expect(await arc.exited).toEqual([130, null]);
    await expect.poll(() => stillRunning(children), { timeout: 10_000 }).toEqual([]);
  });

  test('a killed command leaves no handler process behind', async () => {
    await using folder = await openTemporaryFolder();
    await run(['init'], folder.path);
    const arc = start(['sandbox', '--port', '0', '--json'], folder.path);
    await expect.poll(() => parseJsonLines(arc.output()).length, { timeout: 10_000 }).toBeGreaterThan(0);
    await using connection = await openConnection(String(parseJsonLines(arc.output())[0]!['webSocketUrl']));
    expect(await connection.ask({ text: 'hello' })).toEqual({ text: 'hello' });
    const children = await descendants(arc.pid);
    arc.child.kill('SIGKILL');
    await arc.exited;
    await expect.poll(() => stillRunning(children), { timeout: 10_000 }).toEqual([]);
  });
});
