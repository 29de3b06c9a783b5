import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runArc } from '../../../test/support/arc.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const root = join(import.meta.dirname, '../../..');
const examples = readdirSync(join(root, 'examples')).filter((name) =>
  existsSync(join(root, 'examples', name, 'app.arc')),
);

const manifest = '@app\ntestapp\n\n@ws\n\n@cdn\n';
const handler = (line: string) => `const arc = require('@architect/functions')
exports.handler = async (event) => {
  ${line}
  return { statusCode: 200 }
}
`;
const files = {
  'app.arc': manifest,
  'src/ws/connect/index.js': handler('await arc.ws.send({ id: event.requestContext.connectionId, payload: 1 })'),
  'src/ws/default/index.js': handler('arc.ws.send({ id: event.requestContext.connectionId, payload: 1 })'),
  'src/ws/disconnect/index.js': handler(''),
};

const report = `Furrow 0.1  testapp, from app.arc

Will run
  3 functions: ws connect default disconnect

Will not run

app.arc has 1 warning

  app.arc:6:1   PRAGMA_NOT_RUN "@cdn" is not run yet.
    6 | @cdn
        ^^^^
    Fix: Remove it, or keep it for Architect.

Likely to fail on AWS

src/ws/connect/index.js has 1 problem

  src/ws/connect/index.js:3:9   SEND_BEFORE_OPEN arc.ws.send to the own connection fails with 410: it opens when connect has answered.
    3 |   await arc.ws.send({ id: event.requestContext.connectionId, payload: 1 })
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    Fix: Send from the function of the first message; let the client send one as soon as its socket is open.

src/ws/default/index.js has 1 problem

  src/ws/default/index.js:3:3   SEND_UNAWAITED arc.ws.send is not awaited. When the client has gone, nobody catches the error, and it ends the function.
    3 |   arc.ws.send({ id: event.requestContext.connectionId, payload: 1 })
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    Fix: Put "await" before it.

To mend: 2 places.
`;

describe('arc doctor', () => {
  test('says what runs, what does not, and what fails on AWS', async () => {
    await using folder = await openTemporaryFolder(files);
    const before = await folder.files();
    const run = await runArc(['doctor'], { cwd: folder.path });
    expect(run).toEqual({ exitCode: 1, output: report, errors: '' });
    expect(await folder.files()).toEqual(before);
  });

  test('--json says the same', async () => {
    await using folder = await openTemporaryFolder(files);
    const { exitCode, output } = await runArc(['doctor', folder.path, '--json'], { cwd: '/' });
    const said: unknown = JSON.parse(output);
    expect(exitCode).toBe(1);
    expect(said).toMatchObject({
      app: 'testapp',
      manifest: 'app.arc',
      runs: ['3 functions: ws connect default disconnect'],
      findings: [
        { outcome: 'not-run', severity: 'warning', code: 'PRAGMA_NOT_RUN', file: 'app.arc', line: 6, column: 1 },
        { outcome: 'on-aws', severity: 'error', code: 'SEND_BEFORE_OPEN', file: 'src/ws/connect/index.js', line: 3 },
        { outcome: 'on-aws', severity: 'error', code: 'SEND_UNAWAITED', file: 'src/ws/default/index.js', line: 3 },
      ],
    });
  });

  test('a manifest that is refused', async () => {
    await using folder = await openTemporaryFolder({ 'app.arc': '@app\ntestapp\n\n@ws\njoin\njoin\n' });
    const { exitCode, output } = await runArc(['doctor'], { cwd: folder.path });
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^Furrow 0\.1\n\nWill not run\n\napp\.arc has 5 problems\n\n {2}app\.arc:6:1 +ROUTE_TWICE/);
  });

  test('goes on to the code where a manifest has a fault of its own', async () => {
    await using folder = await openTemporaryFolder({
      ...files,
      'app.arc': '@app\ntestapp\n@ws\n@tables\nt\n  id *String\n',
    });
    const { exitCode, output } = await runArc(['doctor'], { cwd: folder.path });
    expect(exitCode).toBe(1);
    for (const code of ['TABLE_NAME', 'SEND_BEFORE_OPEN', 'SEND_UNAWAITED']) expect(output).toContain(code);
    expect(output).toContain('To mend: 3 places.');
    expect(output).not.toMatch(/Will run|not built/);
    await rm(join(folder.path, 'src/ws/connect/index.js'));
    expect((await runArc(['doctor'], { cwd: folder.path })).output).toContain('HANDLER_MISSING "connect"');
  });

  test('builds nothing where a manifest leaves settings open, and says so', async () => {
    const { 'src/ws/connect/index.js': _gone, ...others } = files;
    await using folder = await openTemporaryFolder({
      ...others,
      'app.arc': '@app\ntestapp\n@ws\n@aws\ntimeout 9999\n',
    });
    const { exitCode, output } = await runArc(['doctor'], { cwd: folder.path });
    expect(exitCode).toBe(1);
    expect(output).toContain('SEND_UNAWAITED');
    expect(output).not.toContain('HANDLER_MISSING');
    expect(output).toContain(
      '\n\nFunctions were not built: the manifest has to be mended first.\n\nTo mend: 2 places.\n',
    );
  });

  test('what is not run is no reason to fail', async () => {
    await using folder = await openTemporaryFolder({
      ...files,
      'src/ws/connect/index.js': handler(''),
      'src/ws/default/index.js': handler(''),
    });
    const { exitCode, output } = await runArc(['doctor'], { cwd: folder.path });
    expect(exitCode).toBe(0);
    expect(output).toMatch(/\n\nNothing else has to be mended\.\n$/);
  });

  test('what does not build is said with its place, before it is deployed', async () => {
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n\n@ws\njoin\nleave\n\n@aws\nruntime nodejs18.x\n',
      'src/ws/connect/index.js': "require('./missing')\nexports.handler = async () => ({ statusCode: 200 })\n",
      'src/ws/default/index.js': 'exports.handler = async () => {\n',
      'src/ws/disconnect/index.mjs': 'export const other = async () => ({ statusCode: 200 })\n',
      'src/ws/join/index.js': "require('@architect/shared/x')\nexports.handler = async () => ({ statusCode: 200 })\n",
      'src/shared/x.js': "let aws = require('aws-sdk')\narc.ws.send({ id: 1 })\n",
    });
    await folder.write('.env', 'AWS_REGION=eu-west-1\n');
    await folder.write('prefs.arc', '@sandbox\ncoldstart true\n');
    const before = await folder.files();
    const { exitCode, output } = await runArc(['doctor', '--json'], { cwd: folder.path });
    const said: { readonly findings: readonly Record<'outcome' | 'code' | 'file' | 'line', string>[] } =
      JSON.parse(output);
    expect(exitCode).toBe(1);
    expect(said.findings.map(({ outcome, code, file, line }) => `${outcome} ${code} ${file}:${line}`)).toEqual([
      'not-run PREFERENCE_UNREAD prefs.arc:2',
      'not-run VARIABLE_RESERVED .env:1',
      'later RUNTIME_ENDING app.arc:9',
      'not-run BUILD_FAILED src/ws/connect/index.js:1',
      'not-run BUILD_FAILED src/ws/default/index.js:2',
      'not-run HANDLER_MISSING src/ws/disconnect/index.mjs:1',
      'not-run HANDLER_MISSING app.arc:4',
      'on-aws SDK_MISSING src/shared/x.js:1',
      'on-aws SEND_UNAWAITED src/shared/x.js:2',
    ]);
    expect(await folder.files()).toEqual(before);
  });

  test('what is in several functions is said once, and what Lambda alone has is named', async () => {
    const using = "require('@architect/shared/x')\nexports.handler = async () => ({ statusCode: 200 })\n";
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n\n@ws\njoin\n',
      'src/ws/connect/index.js': using,
      'src/ws/default/index.js': using,
      'src/ws/disconnect/index.js': using,
      'src/ws/ws-join/index.js': using,
      'src/shared/x.js': "let { SSMClient } = require('@aws-sdk/client-not-here')\n",
    });
    const lacking = await runArc(['doctor'], { cwd: folder.path });
    expect(lacking.output).toContain(
      'SDK_NOT_INSTALLED "connect" and 2 others need @aws-sdk/client-not-here: Lambda has it, and the sandbox finds none.',
    );
    expect(lacking.output).toContain('Fix: Run "npm install --save-dev @aws-sdk/client-not-here".');
    expect(lacking.output).toContain('Fix: Rename src/ws/ws-join to src/ws/join.');
    expect(lacking.output).toContain('To mend: 2 places.');

    await folder.write('node_modules/@aws-sdk/client-not-here/package.json', '{}');
    expect((await runArc(['doctor'], { cwd: folder.path })).output).not.toContain('SDK_NOT_INSTALLED');

    // What the SDK tries by itself is no need of the app.
    await folder.write(
      'node_modules/@aws-sdk/client-other/index.js',
      "try { require('@aws-sdk/not-needed') } catch {}\n",
    );
    await folder.write('node_modules/@aws-sdk/client-other/package.json', '{"name":"@aws-sdk/client-other"}');
    await folder.write('package.json', '{"dependencies":{"@aws-sdk/client-other":"1"}}');
    await folder.write('src/shared/x.js', "require('@aws-sdk/client-other')\n");
    expect((await runArc(['doctor'], { cwd: folder.path })).output).not.toContain('SDK_NOT_INSTALLED');

    await folder.write('src/shared/x.js', "require('./missing')\n");
    const broken = await runArc(['doctor'], { cwd: folder.path });
    expect(broken.output).toContain('BUILD_FAILED "connect" and 2 others do not build: Could not resolve "./missing"');
    expect(broken.output).toContain('To mend: 2 places.');
  });

  test('a function in Python that imports what only this machine has', async () => {
    const source = [
      'import json, os',
      'import boto3',
      'import arc',
      'from room import all',
      'try:',
      '    import more',
      'except ImportError:',
      '    pass',
      'def handler(event, context):',
      '    return {"statusCode": 200}',
      '',
    ].join('\n');
    const info = '.venv/lib/python3.13/site-packages/architect_functions-1.0.0.dist-info';
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n\n@aws\nruntime python3.13\n\n@ws\njoin\n',
      'src/ws/connect/lambda.py': source,
      'src/ws/default/lambda.py': source,
      'src/ws/disconnect/lambda.py': source,
      'src/ws/join/lambda.py': 'def handler(event, context):\n    return {"statusCode": 200}\n',
      'src/ws/connect/room.py': '',
      'src/ws/default/requirements.txt': 'architect-functions\n',
      'src/ws/disconnect/vendor/arc/__init__.py': '',
      [`${info}/RECORD`]: 'arc/__init__.py,sha256=x,131\nboto3/__init__.py,,\nmore/__init__.py,,\nroom.py,,\n',
      [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: architect-functions\nVersion: 1.0.0\n',
    });
    const lacking = await runArc(['doctor'], { cwd: folder.path });
    expect(lacking.exitCode).toBe(1);
    expect(lacking.output).toContain(
      'src/ws/connect/lambda.py:3:8   PACKAGE_UNSHIPPED "arc" is installed on this machine alone: src/ws/connect has no requirements.txt.',
    );
    expect(lacking.output).toContain('Fix: Write architect-functions==1.0.0 into src/ws/connect/requirements.txt.');
    expect(lacking.output).toContain('To mend: 1 place.');
    await folder.write('src/ws/connect/config.arc', '@aws\nlayers arn:aws:lambda:us-west-2:123456789012:layer:arc:1\n');
    expect((await runArc(['doctor'], { cwd: folder.path })).output).toContain('Nothing to mend.');
  });

  test('a stream without a handler is looked for where it is said', async () => {
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n\n@tables\nrooms\n  id *String\n  stream true\n',
    });
    const { output } = await runArc(['doctor'], { cwd: folder.path });
    expect(output).toContain('app.arc:4:1   HANDLER_MISSING "stream rooms" has no handler');
  });

  test('what AWS would not take of names is said before it is deployed', async () => {
    await using folder = await openTemporaryFolder({
      'app.arc': '# mine\n@app # its name\n\n  # the name\naws-chat\n@ws\nconnect false\ndisconnect false\n',
      'src/ws/default/index.js': 'exports.handler = async () => ({ statusCode: 200 })\n',
    });
    const { exitCode, output } = await runArc(['doctor'], { cwd: folder.path });
    expect(output).toContain(
      '  app.arc:5:1   APP_NAME_RESERVED The app "aws-chat" cannot be deployed: AWS keeps names',
    );
    expect(output).toContain('    5 | aws-chat\n        ^^^^^^^^\n');
    expect(exitCode).toBe(1);
  });

  test('handlers in other languages are looked for', async () => {
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n\n@ws\n\n@aws\nruntime python3.13\n',
      'src/ws/connect/index.py': 'def handler(event, context):\n    return {"statusCode": 200}\n',
      'src/ws/default/index.py': 'def handler(event, context):\n    return {"statusCode": 200}\n',
    });
    const { exitCode, output } = await runArc(['doctor'], { cwd: folder.path });
    expect(exitCode).toBe(1);
    expect(output).toContain('HANDLER_MISSING "disconnect" has no handler: looked for lambda.py in src/ws/disconnect.');
    expect(output).toContain('leave it out with "disconnect false" below @ws.');
    expect(output).toContain('To mend: 1 place.');
  });

  test('scripts of pages are read where they stand', async () => {
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n\n@static\n',
      'public/index.html': `<!doctype html>
<script src="x.js"></script>
<script type="application/json">{"a": 1}</script>
<script>let socket = new WebSocket(url)</script>
<p>socket.send(new Uint8Array(1))</p>
<script>let socket = other</script>
<script type="module">
  (socket.send(new Uint8Array(1)))
</script>
`,
    });
    const { exitCode, output } = await runArc(['doctor'], { cwd: folder.path });
    expect(output).toMatch(/public\/index\.html:8:4 +BINARY_MESSAGE/);
    expect(output).toContain('To mend: 1 place.');
    expect(exitCode).toBe(1);
  });

  test.for([...examples.map((name) => `examples/${name}`), 'conformance/app'])(
    'has nothing to complain of in %s',
    async (app) => {
      const cwd = join(root, app);
      const { exitCode, output } = await runArc(['doctor'], { cwd });
      expect(output).toMatch(/\n\nNothing to mend\.\n$/);
      expect(exitCode).toBe(0);
    },
  );
});
