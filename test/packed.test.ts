import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseJsonLines } from './support/arc.ts';
import { ensureBuilt, repository } from './support/built.ts';
import { openConnection } from './support/connection.ts';
import { descendants, stillRunning } from './support/processes.ts';
import { openTemporaryFolder, type TemporaryFolder } from './support/temporary-folder.ts';

const execute = promisify(execFile);
const largestInstallBytes = 20_000_000;
/** npx, and that it takes only what is installed. */
const npxArc = ['--no-install', 'arc'];

/** What a new user does in a folder of their own, with what `npm pack` makes of the packages: nothing leans on the clone. */
describe('the packed packages, outside of the repository', () => {
  let folder: TemporaryFolder | undefined;
  let app: string;

  beforeAll(async () => {
    await ensureBuilt();
    folder = await openTemporaryFolder();
    app = join(folder.path, 'app');
    const tarballs = join(folder.path, 'tarballs');
    await Promise.all([mkdir(app), mkdir(tarballs)]);
    const names = await readdir(join(repository, 'packages'));
    const workspaces = names.flatMap((name) => ['--workspace', `packages/${name}`]);
    await execute('npm', ['pack', '--pack-destination', tarballs, ...workspaces], { cwd: repository });
    const files = (await readdir(tarballs)).map((file) => join(tarballs, file));
    await execute('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...files], { cwd: app });
  }, 120_000);

  afterAll(() => folder?.[Symbol.asyncDispose]());

  test('are small', async () => {
    const bytes = await sizeOf(join(app, 'node_modules'));
    process.stdout.write(`installed: ${(bytes / 1_000_000).toFixed(1)} MB\n`);
    expect(bytes).toBeLessThan(largestInstallBytes);
  });

  test('hold no tests, no sources and no path of this machine', async () => {
    const scope = join(app, 'node_modules', '@furrow');
    const files = await readdir(scope, { recursive: true });
    expect(files.filter((file) => /\.test\.|\/src\/|tsbuildinfo/.test(file))).toEqual([]);
    await expect(execute('grep', ['-rl', repository, scope])).rejects.toMatchObject({ code: 1, stdout: '' });
  });

  test('npx arc init, npx arc sandbox, an echo, Ctrl-C', async () => {
    const init = await execute('npx', [...npxArc, 'init'], { cwd: app });
    expect(init.stdout).toContain('Next: npx arc sandbox');
    // The generated function requires '@architect/functions', which nobody has installed.
    expect(await readdir(join(app, 'node_modules'))).not.toContain('@architect');
    expect(await readdir(join(app, 'src', 'ws', 'default'))).toEqual(['index.js']);

    const child = spawn('npx', [...npxArc, 'sandbox', '--port', '0', '--json'], { cwd: app });
    let output = '';
    let errors = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString('utf8')));
    child.stderr.on('data', (part: Buffer) => (errors += part.toString('utf8')));
    const exited = once(child, 'exit');
    await expect.poll(() => parseJsonLines(output)[0], { timeout: 10_000 }).toMatchObject({ type: 'ready' });
    const [ready] = parseJsonLines(output);

    const page = await fetch(String(ready!['url']));
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf8');
    const connection = await openConnection(String(ready!['webSocketUrl']), { origin: String(ready!['url']) });
    expect(await connection.ask({ text: 'hello' })).toEqual({ text: 'hello' });
    const processes = await descendants(child.pid!);
    const arc = processes.find(({ command }) => command.includes('.bin/arc '))!;
    expect(await descendants(arc.pid)).not.toEqual([]);

    // npx passes on the exit code of arc, unless it is stopped itself.
    process.kill(arc.pid, 'SIGINT');
    expect(await connection.closed).toBe(1001);
    expect(await exited).toEqual([0, null]);
    await expect.poll(() => stillRunning(processes), { timeout: 10_000 }).toEqual([]);
    expect(errors.replaceAll(/^npm warn .*\n/gm, '')).toBe('');
  });

  test('a DynamoDB is in them, dynalite is not', async () => {
    expect(await readdir(join(app, 'node_modules'))).not.toContain('dynalite');
    const project = join(app, 'tables');
    await mkdir(project);
    await writeFile(join(project, 'app.arc'), '@app\ntestapp\n@tables\nrooms\n  id *String\n');
    // Every part of it is asked for, the index that is none included.
    const text = `
      import { openSandbox, sandboxSettings } from '@furrow/sandbox';
      const sandbox = await openSandbox({
        ...sandboxSettings({ port: '0', persist: true }, {}),
        projectDir: ${JSON.stringify(project)},
        env: { HOME: ${JSON.stringify(app)} },
        onEvent: () => {},
        isWatching: false,
      });
      const date = new Date().toISOString().replaceAll(/[-:]|\\.\\d{3}/g, '');
      const scope = 'a/' + date.slice(0, 8) + '/us-west-2/dynamodb/aws4_request';
      const ask = async (operation, input) => {
        const headers = {
          'x-amz-target': 'DynamoDB_20120810.' + operation,
          'x-amz-date': date,
          authorization: 'AWS4-HMAC-SHA256 Credential=' + scope + ', SignedHeaders=host, Signature=0',
        };
        const response = await fetch(sandbox.url, { method: 'POST', headers, body: JSON.stringify(input) });
        return response.json();
      };
      const [TableName] = (await ask('ListTables', {})).TableNames;
      const values = { ExpressionAttributeValues: { ':a': { N: '1' } } };
      const key = { TableName, Key: { id: { S: 'a' } } };
      const { Count } = await ask('Scan', { TableName });
      const put = await ask('PutItem', { TableName, Item: { id: { S: 'b' } }, ConditionExpression: 'attribute_not_exists(a)' });
      const updated = await ask('UpdateItem', { ...key, UpdateExpression: 'ADD n :a', ReturnValues: 'ALL_NEW', ...values });
      const { __type: refused } = await ask('Query', { TableName, IndexName: 'none', KeyConditionExpression: 'id = :a', ...values });
      console.log(JSON.stringify({ Count, put, n: updated.Attributes.n, refused }));
      await sandbox.close();`;
    await writeFile(join(app, 'tables.mjs'), text);
    const env = { PATH: process.env['PATH'] };
    const run = async (): Promise<unknown> => {
      const { stdout } = await execute(process.execPath, ['tables.mjs'], { cwd: app, env });
      return JSON.parse(stdout);
    };
    const refused = 'com.amazon.coral.validate#ValidationException';
    expect(await run()).toEqual({ Count: 0, put: {}, n: { N: '1' }, refused });
    // The second time, the items of the first are there.
    expect(await run()).toEqual({ Count: 2, put: {}, n: { N: '2' }, refused });
  });

  test('the way to AWS is in them, the AWS SDK is not', async () => {
    const files = await readdir(join(app, 'node_modules'));
    expect(files.filter((name) => name.startsWith('@aws-sdk') || name.startsWith('@smithy'))).toEqual([]);
    const text = `
      import { openAws } from '@furrow/deploy';
      const aws = await openAws({ region: 'us-west-2', env: process.env });
      const calls = {
        sts: () => aws.identity(),
        cloudFormation: () => aws.stacks.list(),
        s3: () => aws.objects.list('bucket'),
        lambda: () => aws.functions.state('function'),
        ssm: () => aws.parameters.get('/name'),
        logs: () => aws.logs.page('group', { sinceMs: 0, after: undefined }),
      };
      for (const [name, call] of Object.entries(calls)) await call().catch(({ code }) => console.log(name, code));
      aws[Symbol.dispose]();`;
    await writeFile(join(app, 'aws.mjs'), text);
    const { stdout, stderr } = await execute(process.execPath, ['aws.mjs'], {
      cwd: app,
      env: {
        PATH: process.env['PATH'],
        HOME: app,
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    expect(stdout.trim().split('\n')).toEqual(
      ['sts', 'cloudFormation', 's3', 'lambda', 'ssm', 'logs'].map((name) => `${name} AWS_CREDENTIALS_MISSING`),
    );
    // No warning about the Node versions that later SDKs will want.
    expect(stderr).toBe('');
  });

  test('npx arc info asks for a region, then for credentials', async () => {
    await execute('npx', [...npxArc, 'init'], { cwd: app });
    const env = { PATH: process.env['PATH'], HOME: app, AWS_EC2_METADATA_DISABLED: 'true' };
    const info = (more: Readonly<Record<string, string>>) =>
      execute('npx', [...npxArc, 'info'], { cwd: app, env: { ...env, ...more } });
    await expect(info({})).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('AWS_REGION_MISSING') });
    await expect(info({ AWS_REGION: 'us-west-2' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('AWS_CREDENTIALS_MISSING'),
    });
  });

  test.for([
    { why: 'require', file: 'one.cjs', text: `require('@furrow/functions').ws.send.length` },
    { why: 'import', file: 'one.mjs', text: `(await import('@furrow/functions')).default.ws.send.length` },
  ])('the library of handlers can be had by $why without require(esm)', async ({ file, text }) => {
    await writeFile(join(app, file), `process.stdout.write(String(typeof (${text})))`);
    const flag = '--no-experimental-require-module';
    const { stdout } = await execute(process.execPath, [flag, file], { cwd: app });
    expect(stdout).toBe('number');
  });
});

/** Bytes on the disk; a file with two names, as esbuild's program has, counts once. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const found = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
  const sizes = new Map(found.map(({ dev, ino, size }) => [`${dev}:${ino}`, size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
