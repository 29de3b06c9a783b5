import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { chmod, readdir, rm, stat, symlink } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';
import { runArc, startArc, type ArcOptions } from './support/arc.ts';
import { openTemporaryFolder } from './support/temporary-folder.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
const handler = 'exports.handler = async () => ({ statusCode: 200 })\n';
const files = {
  'app.arc': '@app\ntestapp\n@aws\nregion us-west-2\n@ws\n@http\nget /\n',
  ...Object.fromEntries(['connect', 'default', 'disconnect'].map((name) => [`src/ws/${name}/index.js`, handler])),
  'src/http/get-index/index.js': handler,
  'public/index.mjs': 'export {}\n',
};

test.for([['-----BEGIN X'], ['-5'], ['-secret'], ['--secret=x']])(
  'a value %s looks like an option: it is not lost, not shown, and there is a way',
  async ([value = '']) => {
    const run = await runArc(['env', 'add', 'PIN', value, '--env', 'staging'], { cwd: '.' });
    expect(run).toMatchObject({ exitCode: 2, output: '' });
    expect(run.errors).toMatch(/^OPTION_UNKNOWN {2}.+\nFix: .+behind "--".+\n$/);
    expect(run.errors).not.toContain(value.replaceAll('-', ''));
  },
);

test('arc destroy stops at a manifest with a mistake: its region and name would not be looked at', async () => {
  await using folder = await openTemporaryFolder({ 'app.arc': `${files['app.arc']}gte /\n` });
  const run = await runArc(['destroy', '--app', 'testapp', '--now'], { cwd: folder.path });
  expect(run).toMatchObject({ exitCode: 1, output: '', errors: expect.stringMatching(/^MANIFEST_INVALID {2}/) });
});

describe('arc package', () => {
  test('writes template and zips, says their sizes, and needs no AWS', async () => {
    await using folder = await openTemporaryFolder(files);
    const run = await runArc(['package'], { cwd: folder.path });
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toMatch(/^Furrow \d+\.\d+ {2}testapp -> TestappStaging, written to \.furrow\/package\n/);
    expect(run.output).toMatch(/ {11}template +\d+ kB\n/);
    expect(run.output).toMatch(/ {11}get \/ +\d+ \w+ {2}\(\d+ \w+ unzipped\)\n/);
    expect(run.output).toMatch(/\nNothing was sent\. Next: arc deploy\n$/);
    const template = JSON.parse(await folder.read('.furrow/package/template.json'));
    const zips = await readdir(`${folder.path}/.furrow/package/functions`);
    const resources = Object.values<{ readonly Properties: { readonly Code?: { readonly S3Key: string } } }>(
      template.Resources,
    );
    const keys = resources.flatMap(({ Properties: { Code } }) => (Code === undefined ? [] : [Code.S3Key]));
    expect(new Set(keys)).toEqual(new Set(zips.map((zip) => `functions/${zip}`)));
  });

  test.for([['package'], ['deploy', '--dry-run']])('%s twice gives the same bytes', async (argv) => {
    await using one = await openTemporaryFolder(files);
    await using other = await openTemporaryFolder(files);
    await runArc(argv, { cwd: one.path });
    await runArc(argv, { cwd: other.path });
    expect(await one.read('.furrow/package/template.json')).toBe(await other.read('.furrow/package/template.json'));
  });

  test.for([
    { words: ['--dry-run', 'production'] },
    { words: ['production', '--dry-run'] },
    { words: ['--allow-data-loss', '--no-hydrate', '--eject', 'production'] },
  ])('deploy $words is of production, and needs no AWS', async ({ words }) => {
    await using folder = await openTemporaryFolder(files);
    // Where a call would be refused at once.
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
    const run = await runArc(['deploy', ...words], { cwd: folder.path, env });
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toMatch(/^Furrow \d+\.\d+ {2}testapp -> TestappProduction, written to /);
  });

  test('--eject prints the commands that do it by hand', async () => {
    await using folder = await openTemporaryFolder(files);
    const { output } = await runArc(['deploy', 'production', '--eject'], { cwd: folder.path });
    expect(output).toContain(
      'aws s3 cp .furrow/package/functions s3://YOUR-DEPLOY-BUCKET/functions --recursive --region us-west-2\n',
    );
    expect(output).toContain(
      'aws cloudformation deploy --stack-name TestappProduction --template-file .furrow/package',
    );
    expect(output).toContain('--capabilities CAPABILITY_IAM');
    expect(output).toMatch(/aws s3 sync public "s3:\/\/\$\(aws cloudformation describe-stack-resource /);
  });

  test.for([
    { folder: 'my files', quoted: "'my files'" },
    { folder: "it's", quoted: String.raw`'it'\''s'` },
  ])('--eject quotes the folder $folder for a shell', async ({ folder: name, quoted }) => {
    await using folder = await openTemporaryFolder({
      ...files,
      'app.arc': `${files['app.arc']}@static\nfolder "${name}"\n`,
    });
    const { output } = await runArc(['package', '--eject'], { cwd: folder.path });
    expect(output).toContain(`aws s3 sync ${quoted} "s3://`);
  });

  test.for([
    { settings: 'prefix v1', to: /\)\/v1" --region/ },
    { settings: 'staging own-files\nprefix v1', to: /^aws s3 sync public s3:\/\/own-files\/v1 --region/m },
  ])('--eject sends files to where they belong with $settings', async ({ settings, to }) => {
    await using folder = await openTemporaryFolder({
      'app.arc': `@app\ntestapp\n@aws\nregion us-west-2\n@static\n${settings}\n`,
    });
    const { output } = await runArc(['package', '--eject'], { cwd: folder.path });
    expect(output).toMatch(to);
  });

  test.for([
    { argv: ['package', 'foo'], code: 'ARGUMENT_UNUSED', fix: 'Leave it out, or run "arc package --help".' },
    { argv: ['package', 'dirty'], code: 'ARGUMENT_UNUSED', fix: 'Leave it out, or run "arc package --help".' },
    { argv: ['package', 'prodution'], code: 'ARGUMENT_UNUSED', fix: 'Did you mean "arc package production"?' },
  ])('arc $argv is advised in its own words', async ({ argv, code, fix }) => {
    await using folder = await openTemporaryFolder(files);
    const run = await runArc(argv, { cwd: folder.path });
    expect(run).toMatchObject({ exitCode: 2, errors: expect.stringMatching(new RegExp(`^${code} {2}`)) });
    expect(run.errors).toContain(`Fix: ${fix}\n`);
  });
});

describe.skipIf(missing !== undefined)(`what commands do on AWS${reason}`, () => {
  let project: AwsProject;
  const options = (): ArcOptions => ({ cwd: project.folder.path, env: project.proxy.env });

  beforeAll(async () => {
    project = await openAwsProject({ files });
    const { errors } = await runArc(['deploy'], options());
    if (errors !== '') throw new Error(errors);
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());

  describe('production asks a person once', () => {
    test.for([
      { why: 'no is no', answer: 'n', argv: ['deploy', 'production'], env: {}, isAsked: true, isDeployed: false },
      { why: 'Enter is no', answer: '', argv: ['deploy', 'production'], env: {}, isAsked: true, isDeployed: false },
      { why: 'yes', answer: 'y', argv: ['deploy', 'production'], env: {}, isAsked: true, isDeployed: true },
      {
        why: '--yes',
        answer: 'n',
        argv: ['deploy', '-p', '-y', '--tags', 'a=1'],
        env: {},
        isAsked: false,
        isDeployed: true,
      },
      {
        why: 'CI',
        answer: 'n',
        argv: ['deploy', '-p', '--tags', 'a=2'],
        env: { CI: 'true' },
        isAsked: false,
        isDeployed: true,
      },
      { why: 'staging', answer: 'n', argv: ['deploy', '--tags', 'a=3'], env: {}, isAsked: false, isDeployed: true },
    ])('$why', async ({ answer, argv, env, isAsked, isDeployed }) => {
      project.proxy.clear();
      const run = await runArc(argv, { ...options(), answer, env: { ...project.proxy.env, ...env } });
      expect(run.output.includes('Deploy this to TestappProduction? [y/N] ')).toBe(isAsked);
      const isExecuted = project.proxy.calls.some(({ operation }) => operation === 'ExecuteChangeSet');
      expect(isExecuted).toBe(isDeployed);
      expect(run.exitCode).toBe(isDeployed ? 0 : 1);
      expect(run.output.endsWith('Nothing was deployed.\n')).toBe(!isDeployed);
    });
  });

  describe('files of production are removed when a person has said so', () => {
    const staticAlone = ['deploy', 'production', '--static', '--prune'];
    const whole = ['deploy', 'production', '--prune'];
    beforeAll(() => runArc(['deploy', 'production', '--yes'], options()));

    test.for([
      { why: 'no', argv: staticAlone, answer: 'n', isAsked: true, isGone: false },
      { why: 'no', argv: whole, answer: 'n', isAsked: true, isGone: false },
      { why: 'yes', argv: staticAlone, answer: 'y', isAsked: true, isGone: true },
      { why: 'yes', argv: whole, answer: 'y', isAsked: true, isGone: true },
      { why: '--yes', argv: [...staticAlone, '-y'], answer: 'n', isAsked: false, isGone: true },
      { why: '--yes', argv: [...whole, '-y'], answer: 'n', isAsked: false, isGone: true },
      { why: 'CI', argv: staticAlone, answer: 'n', env: { CI: '1' }, isAsked: false, isGone: true },
      { why: 'CI', argv: whole, answer: 'n', env: { CI: '1' }, isAsked: false, isGone: true },
      { why: 'nobody there', argv: staticAlone, answer: undefined, isAsked: false, isGone: true },
      { why: 'nobody there', argv: whole, answer: undefined, isAsked: false, isGone: true },
    ])('$why: arc $argv', async ({ argv, answer, env = {}, isAsked, isGone }) => {
      await project.folder.write('public/old.txt', 'old');
      await runArc(['deploy', 'production', '--static'], options());
      await rm(`${project.folder.path}/public/old.txt`);
      const person = answer === undefined ? {} : { answer };
      const asked = await runArc(argv, { ...options(), ...person, env: { ...project.proxy.env, ...env } });
      expect(asked).toMatchObject({ exitCode: isGone ? 0 : 1 });
      expect(asked.output.includes('that are not here? [y/N] ')).toBe(isAsked);
      const { output } = await runArc(['deploy', 'production', '--static'], options());
      expect(output.includes('1 there that is not here')).toBe(!isGone);
    });

    test('who removes none is not asked', async () => {
      const run = await runArc(['deploy', 'production', '--static'], { ...options(), answer: 'n' });
      expect(run).toMatchObject({ exitCode: 0, output: expect.not.stringContaining('[y/N]') });
    });
  });

  test('arc logs prints what functions have logged, oldest first, and --follow goes on', async () => {
    const logs = new CloudWatchLogsClient(project.emulator.client);
    const groups = ['/aws/lambda/TestappStaging-ws-default', '/aws/lambda/TestappStaging-http-get-index'];
    for (const logGroupName of groups) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'one' }));
    }
    const put = (group: string, atMs: number, message: string) =>
      logs.send(
        new PutLogEventsCommand({
          logGroupName: group,
          logStreamName: 'one',
          logEvents: [{ timestamp: atMs, message }],
        }),
      );
    const [ws = '', http = ''] = groups;
    const nowMs = Date.now();
    await put(ws, nowMs - 3000, 'first\n  of two lines\n');
    await put(http, nowMs - 2000, 'second');
    await put(ws, nowMs - 7_200_000, 'long ago');

    const all = await runArc(['logs'], options());
    expect(all).toMatchObject({ exitCode: 0, errors: '' });
    expect(all.output).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}default {7}first\n {35} {2}of two lines\n\d{4}-.+ {2}get \/ {9}second\n$/,
    );
    expect((await runArc(['logs', 'get', '/'], options())).output).toMatch(/^.+second\n$/);
    expect((await runArc(['logs', '--since', '3h', 'default'], options())).output).toContain('long ago');
    expect((await runArc(['logs', 'production'], options())).output).toMatch(/^No lines in the last 1h/);
    expect(await runArc(['logs', 'defualt'], options())).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('Did you mean "default"?'),
    });
    expect(await runArc(['logs', '--since', 'yesterday'], options())).toMatchObject({ exitCode: 2 });

    const many = Array.from({ length: 1200 }, (_, index) => ({
      timestamp: nowMs - 1500 + index,
      message: `n${index}`,
    }));
    await logs.send(new PutLogEventsCommand({ logGroupName: http, logStreamName: 'one', logEvents: many }));
    const newest = await runArc(['logs', 'get', '/'], options());
    expect(newest.output).toMatch(/^\.\.\. 201 earlier lines since then; --all prints them\n.+ n200\n/);
    expect(newest.output).toMatch(/ n1199\n$/);
    expect((await runArc(['logs', 'get', '/', '--all'], options())).output).toMatch(/^.+second\n.+ n0\n/);

    await using following = startArc(['logs', 'default', '--follow'], options());
    await vi.waitUntil(() => following.output().includes('of two lines'), { timeout: 10_000 });
    await put(ws, Date.now(), 'later');
    await vi.waitUntil(() => following.output().includes('later'), { timeout: 10_000 });
    expect(await following.stop()).toBe(0);
    expect(following.output().match(/first/g)).toHaveLength(1);
  });

  test('variables for testing go to AWS and into .env, and come from there', async () => {
    await project.folder.write('.env', '# mine\nOTHER=1\n');
    const added = await runArc(['env', 'add', 'API_KEY', 'two words', '--env', 'testing'], options());
    expect(added).toMatchObject({ exitCode: 0, errors: '' });
    expect(await project.folder.read('.env')).toBe("# mine\nOTHER=1\nAPI_KEY='two words'\n");
    await project.folder.write('.env', '');
    expect(await runArc(['env', 'pull'], options())).toMatchObject({ exitCode: 0 });
    expect(await project.folder.read('.env')).toBe("API_KEY='two words'\n");
    expect(await runArc(['env', '--remove', 'API_KEY', '-e', 'testing'], options())).toMatchObject({ exitCode: 0 });
    expect(await project.folder.read('.env')).toBe('');
  });

  test('variables for testing go into @env of the preferences where there is no .env', async () => {
    await rm(`${project.folder.path}/.env`, { force: true });
    const file = '@env\ntesting\n  OTHER 1 # mine\nstaging\n  OTHER 2\n';
    await project.folder.write('prefs.arc', file);
    const added = await runArc(['env', 'add', 'API_KEY', 'two words', '--env', 'testing'], options());
    expect(added).toMatchObject({ exitCode: 0, errors: '', output: expect.stringContaining('prefs.arc, which the') });
    expect(await project.folder.read('prefs.arc')).toBe(file.replace('mine\n', 'mine\n  API_KEY "two words"\n'));
    await project.folder.write('prefs.arc', file);
    expect(await runArc(['env', 'pull'], options())).toMatchObject({ exitCode: 0 });
    expect(await project.folder.read('prefs.arc')).toContain('\n  API_KEY "two words"\n');
    expect(await runArc(['env', '-r', 'API_KEY', '-e', 'testing'], options())).toMatchObject({ exitCode: 0 });
    expect(await project.folder.read('prefs.arc')).toBe(file);
    expect(await project.folder.files()).not.toContain('.env');
    await rm(`${project.folder.path}/prefs.arc`);
  });

  test.skipIf(process.platform === 'win32')('.env is for one person alone once secrets are in it', async () => {
    await project.folder.write('.env', 'OTHER=1\n');
    await chmod(`${project.folder.path}/.env`, 0o644);
    expect(await runArc(['env', 'add', 'API_KEY', 'x', '-e', 'testing'], options())).toMatchObject({ exitCode: 0 });
    expect(((await stat(`${project.folder.path}/.env`)).mode & 0o777).toString(8)).toBe('600');
    await runArc(['env', 'remove', 'API_KEY', '-e', 'testing'], options());
  });

  test.skipIf(process.platform === 'win32')('a .env that is there and cannot be read is not written anew', async () => {
    const file = `${project.folder.path}/.env`;
    await rm(file, { force: true });
    await symlink('.env', file);
    const run = await runArc(['env', 'pull'], options());
    expect(run).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^ENV_FILE_UNWRITABLE {2}.+ELOOP.+open/) });
    await rm(file);
  });

  test('a value that no .env can hold is on AWS alone', async () => {
    await project.folder.write('.env', 'OTHER=1\n');
    const value = `'"\``;
    const refused = { exitCode: 1, errors: expect.stringMatching(/^ENV_FILE_QUOTES {2}.+QUOTES_OF_ALL_KINDS/) };
    const added = await runArc(['env', 'add', 'QUOTES_OF_ALL_KINDS', value, '-e', 'testing'], options());
    expect(added).toMatchObject({ ...refused, output: expect.stringMatching(/^QUOTES_OF_ALL_KINDS added in testing/) });
    expect(await project.folder.read('.env')).toBe('OTHER=1\n');
    await runArc(['env', 'add', 'API_KEY', 'x', '-e', 'testing'], options());
    await project.folder.write('.env', '');
    expect(await runArc(['env', 'pull'], options())).toMatchObject(refused);
    expect(await project.folder.read('.env')).toBe('API_KEY=x\n');
    for (const name of ['QUOTES_OF_ALL_KINDS', 'API_KEY']) {
      await runArc(['env', 'remove', name, '-e', 'testing'], options());
    }
  });

  test.for([
    { value: '007', words: ['007'] },
    { value: '1e3', words: ['1e3'] },
    { value: '0x10', words: ['0x10'] },
    { value: '-5', words: ['--', '-5'] },
    { value: '-----BEGIN X', words: ['--', '-----BEGIN X'] },
    { value: '--env', words: ['--', '--env'] },
  ])('the value $value comes as it is', async ({ value, words }) => {
    await project.folder.write('.env', '');
    const run = await runArc(['env', 'add', 'PIN', '--env', 'testing', ...words], options());
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(parseEnv(await project.folder.read('.env'))).toEqual({ PIN: value });
    await runArc(['env', 'remove', 'PIN', '-e', 'testing'], options());
  });

  test('a secret is asked for without being shown, and never printed', async () => {
    const run = await runArc(['env', 'add', 'TOKEN', '--env', 'production'], { ...options(), answer: 's3cret' });
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).not.toContain('s3cret');
    const listed = await runArc(['env'], options());
    expect(listed.output).toMatch(/production TOKEN\n/);
    expect(listed.output).not.toContain('s3cret');
  });

  test.for([
    { argv: ['env', 'add', 'AWS_REGION', 'x', '--env', 'staging'], code: 'VARIABLE_RESERVED' },
    { argv: ['env', 'add', 'ARC_WSS_URL', 'x', '--env', 'staging'], code: 'VARIABLE_RESERVED' },
    { argv: ['env', 'add', '1X', 'x', '--env', 'staging'], code: 'VARIABLE_NAME' },
    { argv: ['env', 'remove', 'NONE', '--env', 'staging'], code: 'VARIABLE_MISSING' },
    { argv: ['deploy', 'dirty', 'defualt'], code: 'FUNCTION_UNKNOWN' },
    { argv: ['deploy', '--static', '--name', 'none'], code: 'STACK_MISSING' },
    { argv: ['deploy', 'dirty', '--name', 'none'], code: 'STACK_MISSING' },
    { argv: ['logs', '--name', 'none'], code: 'STACK_MISSING' },
    { argv: ['destroy', '--app', 'testapp', '--name', 'none', '--now'], code: 'STACK_MISSING' },
  ])('arc $argv is refused: $code', async ({ argv, code }) => {
    const run = await runArc(argv, options());
    expect(run).toMatchObject({ exitCode: 1, errors: expect.stringMatching(new RegExp(`^${code} {2}.+\nFix: .+\n$`)) });
  });

  test('a function that is not deployed yet cannot be overwritten', async () => {
    await project.folder.write('app.arc', `${files['app.arc']}post /new\n`);
    await project.folder.write('src/http/post-new/index.js', handler);
    expect(await runArc(['deploy', 'dirty', 'post', '/new'], options())).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('FUNCTION_NOT_DEPLOYED'),
    });
  });
});
