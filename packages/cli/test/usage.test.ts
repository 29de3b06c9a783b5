import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runArc } from '../../../test/support/arc.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const documentManifest = '@app\ntestapp\n\n@ws\n\n@http\nget /\n';

/** `cac` prints help and version by itself. */
let helped = '';
beforeEach(() => {
  helped = '';
  vi.spyOn(console, 'info').mockImplementation((text: string) => void (helped += `${text}\n`));
});
afterEach(() => vi.restoreAllMocks());

describe('help and version', () => {
  test.for([
    { argv: [], exitCode: 2, shows: ['init [folder]', 'sandbox [folder]', 'Make the files that an app still lacks'] },
    { argv: ['--help'], exitCode: 0, shows: ['init [folder]', 'sandbox [folder]', '--version'] },
    { argv: ['init', '--help'], exitCode: 0, shows: ['$ arc init [folder]', '--esm', '--typescript'] },
    { argv: ['create', '--help'], exitCode: 0, shows: ['--esm', '--typescript'] },
    {
      argv: ['sandbox', '--help'],
      exitCode: 0,
      shows: ['--port <port>', '--host <address>', '--allow-host <name>', '--strict', '--quiet', '--verbose', '--json'],
    },
    { argv: ['dev', '-h'], exitCode: 0, shows: ['--port <port>', '$ arc sandbox --port 4000'] },
    { argv: ['--version'], exitCode: 0, shows: ['arc/0.1.0'] },
    { argv: ['-v'], exitCode: 0, shows: ['arc/0.1.0'] },
  ])('arc $argv', async ({ argv, exitCode, shows }) => {
    await using folder = await openTemporaryFolder();
    const run = await runArc(argv, { cwd: folder.path });
    expect(run).toMatchObject({ exitCode, errors: '' });
    for (const text of shows) expect(run.output + helped).toContain(text);
    expect(await folder.files()).toEqual([]);
  });
});

describe('wrong use is answered with a way out, exit code 2', () => {
  test.for([
    {
      argv: ['sandbx'],
      errors: 'COMMAND_UNKNOWN  "sandbx" is not a command of arc.\nFix: Did you mean "arc sandbox"?\n',
    },
    {
      argv: ['zzzzzz'],
      errors: 'COMMAND_UNKNOWN  "zzzzzz" is not a command of arc.\nFix: Run "arc --help" to see them all.\n',
    },
    {
      argv: ['sandbox', '--prot', '1'],
      errors: 'OPTION_UNKNOWN  "arc sandbox" has no option --prot.\nFix: Did you mean --port?\n',
    },
    {
      argv: ['sandbox', '--qiet'],
      errors: 'OPTION_UNKNOWN  "arc sandbox" has no option --qiet.\nFix: Did you mean --quiet?\n',
    },
    {
      argv: ['init', '--typscript'],
      errors: 'OPTION_UNKNOWN  "arc init" has no option --typscript.\nFix: Did you mean --typescript?\n',
    },
    {
      argv: ['init', '--zzzzzz=1'],
      errors: 'OPTION_UNKNOWN  "arc init" has no option --zzzzzz.\nFix: Run "arc init --help" to see them all.\n',
    },
    { argv: ['--hlep'], errors: 'Did you mean --help?' },
    { argv: ['sandbox', '--port'], errors: 'OPTION_VALUE  arc sandbox: ' },
    {
      argv: ['sandbox', '--port', '1', '--port', '2'],
      errors: 'OPTION_VALUE  arc sandbox: --port was given 2 times; it takes one value.',
    },
    { argv: ['init', 'one', 'two'], errors: 'ARGUMENT_UNUSED  "arc init" does not know what to do with "two".' },
  ])('arc $argv', async ({ argv, errors }) => {
    await using folder = await openTemporaryFolder();
    const run = await runArc(argv, { cwd: folder.path });
    expect(run.exitCode).toBe(2);
    expect(run.errors).toContain(errors);
    expect(run.errors).toMatch(/^[A-Z_]+ {2}.+\nFix: .+\n$/);
    expect(run.output + helped).toBe('');
    expect(await folder.files()).toEqual([]);
  });
});

describe('what a person must mend is named with a fix, exit code 1', () => {
  test.for([
    {
      argv: ['sandbox', '--port', 'abc'],
      errors: 'PORT_INVALID  --port is "abc"; expected a whole number from 0 to 65535.',
    },
    { argv: ['sandbox', '--port', '65536'], errors: 'PORT_INVALID  --port is "65536"' },
    { argv: ['sandbox', '--port=-1'], errors: 'PORT_INVALID  --port is "-1"' },
    { argv: ['sandbox', '--port', '1.5'], errors: 'PORT_INVALID  --port is "1.5"' },
    { argv: ['sandbox'], env: { PORT: 'abc' }, errors: 'PORT_INVALID  PORT is "abc"' },
    { argv: ['sandbox', 'nowhere'], errors: 'FOLDER_MISSING  ' },
    { argv: ['init', 'nowhere'], errors: 'FOLDER_MISSING  ' },
    { argv: ['init', 'app.arc'], errors: 'FOLDER_MISSING  ' },
  ])('arc $argv', async ({ argv, env = {}, errors }) => {
    await using folder = await openTemporaryFolder({ 'app.arc': documentManifest });
    const run = await runArc(argv, { cwd: folder.path, env });
    expect(run.errors).toContain(errors);
    expect(run.errors).toMatch(/^[A-Z_]+ {2}.+\nFix: .+\n$/);
    expect(run.exitCode).toBe(1);
    expect(await folder.files()).toEqual(['app.arc']);
  });

  test('arc sandbox without a manifest', async () => {
    await using folder = await openTemporaryFolder();
    const run = await runArc(['sandbox', '--port', '0'], { cwd: folder.path });
    expect(run).toMatchObject({ exitCode: 1, output: '' });
    expect(run.errors).toMatch(/^MANIFEST_MISSING {2}.*app\.arc/);
    expect(run.errors).toMatch(/\nFix: .*arc init/);
  });

  test('a taken port', async () => {
    await using folder = await openTemporaryFolder({ 'app.arc': documentManifest });
    await using server = createServer();
    server.listen(0, 'localhost');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const run = await runArc(['sandbox', '--port', String(port)], { cwd: folder.path });
    expect(run).toMatchObject({ exitCode: 1, output: '' });
    expect(run.errors).toMatch(new RegExp(`^PORT_TAKEN {2}Port ${port} is already in use`));
    expect(run.errors).toContain(`Fix: `);
    expect(run.errors).toContain(`arc sandbox --port ${port + 1}`);
  });

  test.for(['init', 'sandbox'])('arc %s names all five mistakes of a manifest', async (command) => {
    const manifest = ['@app', 'Testapp', '@ws', 'join', 'join', '$foo', '@http', 'gte /', 'get nowhere', ''].join('\n');
    await using folder = await openTemporaryFolder({ 'app.arc': manifest });
    const run = await runArc([command], { cwd: folder.path });
    expect(run).toMatchObject({ exitCode: 1, output: '' });
    const places = [...run.errors.matchAll(/app\.arc:(\d+):(\d+) +([A-Z_]+)/g)].map((match) =>
      match.slice(1).join(' '),
    );
    expect(places).toEqual([
      '2 1 APP_NAME',
      '5 1 ROUTE_TWICE',
      '6 1 ROUTE_RESERVED',
      '8 1 HTTP_METHOD',
      '9 5 HTTP_PATH',
    ]);
    // Each shows its line, with a mark below what is wrong.
    for (const line of ['2 | Testapp', '5 | join', '6 | $foo', '8 | gte /', '9 | get nowhere']) {
      expect(run.errors).toMatch(new RegExp(`${line.replaceAll(/[$|]/g, '\\$&')}\\n +\\|? *\\^`));
    }
    expect(await folder.files()).toEqual(['app.arc']);
  });
});
