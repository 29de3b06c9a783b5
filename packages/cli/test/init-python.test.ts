import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openArcSandbox, runArc, type RunningSandbox } from '../../../test/support/arc.ts';
import { openConnection, refusedStatus } from '../../../test/support/connection.ts';
import { pythonMissing, venv } from '../../../test/support/python.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const missing = pythonMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
const patience = { timeout: 20_000 };

const manifest = `@app
testapp
@aws
runtime python
@ws
join
@http
get /
post /notes
@events
ping
@queues
jobs
@scheduled
daily rate(1 day)
@tables
notes
  id *String
@tables-streams
notes
`;

const files = [
  'public/index.mjs',
  'requirements.txt',
  'src/events/ping/lambda.py',
  'src/http/get-index/lambda.py',
  'src/http/post-notes/lambda.py',
  'src/queues/jobs/lambda.py',
  'src/scheduled/daily/lambda.py',
  'src/tables-streams/notes/lambda.py',
  'src/ws/connect/lambda.py',
  'src/ws/default/lambda.py',
  'src/ws/disconnect/lambda.py',
  'src/ws/join/lambda.py',
];

/** What was printed by functions that are run by hand. */
async function invoked(sandbox: RunningSandbox, cwd: string, name: string, ...message: readonly string[]) {
  const { port } = new URL(sandbox.url);
  const run = await runArc(['invoke', name, ...message, '--port', port], { cwd });
  expect(run.errors).toBe('');
  await expect.poll(() => sandbox.printed(name), patience).not.toBe('');
  return sandbox.printed(name);
}

describe('arc init, of functions in Python', () => {
  test('makes all of them, says what Python needs, and does nothing the second time', async () => {
    await using folder = await openTemporaryFolder({ 'app.arc': manifest });
    const run = await runArc(['init'], { cwd: folder.path });
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toContain('\nFirst: python3 -m venv .venv && .venv/bin/pip install -r requirements.txt\nNext: ');
    expect(await folder.files()).toEqual(['app.arc', ...files]);
    const again = await runArc(['init'], { cwd: folder.path });
    expect(again.output).toBe('Nothing to make: all 10 functions of app.arc have a handler.\n');
  });

  test('leaves alone what has index.py, and writes each in its own language', async () => {
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n@ws\nold\nnew\ngo\n',
      'src/ws/old/config.arc': '@aws\nruntime python3.13\n',
      'src/ws/old/index.py': '# mine\n',
      'src/ws/new/config.arc': '@aws\nruntime python3.13\nhandler lib/main.run\n',
      'src/ws/go/config.arc': '@aws\nruntime provided.al2023\n',
      'src/ws/default/index.js': '',
    });
    const run = await runArc(['init', '--typescript'], { cwd: folder.path });
    expect(run.output.split('\n').filter((line) => /^ {2}(?:made|left)/.test(line))).toEqual([
      expect.stringMatching(/made {2}src\/ws\/connect\/index\.ts /),
      expect.stringMatching(/made {2}src\/ws\/disconnect\/index\.ts /),
      expect.stringMatching(/made {2}src\/ws\/new\/lib\/main\.py /),
      expect.stringMatching(/made {2}requirements\.txt /),
      expect.stringMatching(/made {2}tsconfig\.json /),
      expect.stringMatching(/left {2}src\/ws\/go {2,}no template for provided\.al2023: its handler is yours to write/),
    ]);
    expect(await folder.read('src/ws/old/index.py')).toBe('# mine\n');
    const again = await runArc(['init', '--typescript'], { cwd: folder.path });
    expect(again.output).toMatch(/^Furrow 0\.1 {2}testapp, from app\.arc\n {2}left {2}src\/ws\/go .+\nNext: /);
  });
});

describe.skipIf(missing !== undefined)(`what arc init makes for Python${reason}`, () => {
  test('runs as it is', { timeout: 120_000 }, async () => {
    await using folder = await openTemporaryFolder({ 'app.arc': manifest });
    await runArc(['init'], { cwd: folder.path });
    await symlink(venv, join(folder.path, '.venv'));
    await using sandbox = await openArcSandbox({ cwd: folder.path });
    const page = await fetch(sandbox.url);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('window.WS_URL = "/testing"');
    const notes = await fetch(`${sandbox.url}/notes`, { method: 'POST' });
    expect(await notes.json()).toEqual({ hello: '/notes' });

    expect(await refusedStatus(sandbox.webSocketUrl, { origin: 'https://elsewhere.example' })).toBe(403);
    const connection = await openConnection(sandbox.webSocketUrl, { origin: sandbox.url });
    expect(await connection.ask({ text: 'hello' })).toEqual({ text: 'hello' });
    for (const other of ['not JSON', '7', '[]', '{"text":7}']) {
      // oxlint-disable-next-line no-await-in-loop -- one answer after the other
      expect(await connection.ask(other)).toEqual({ text: other });
    }
    expect(await connection.ask({ action: 'join' })).toEqual({ text: 'join was called' });
    await connection.close();
    await expect.poll(() => sandbox.printed('ws/disconnect'), patience).toMatch(/^cleaned up after \S+\n$/);

    expect(await invoked(sandbox, folder.path, 'events/ping', '{"a":1}')).toBe("{'a': 1}\n");
    expect(await invoked(sandbox, folder.path, 'queues/jobs', '{"a":2}')).toBe("{'a': 2}\n");
    expect(await invoked(sandbox, folder.path, 'scheduled/daily')).toMatch(/^it is \d{4}-/);
    expect(sandbox.lines().filter(({ failure }) => failure !== undefined)).toEqual([]);
  });

  test('asks who a client is, and lets in whom it knows', { timeout: 60_000 }, async () => {
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\ntestapp\n@aws\nruntime python\n@ws\nconnect\n  authorizer route.request.querystring.token\n',
    });
    await runArc(['init'], { cwd: folder.path });
    await symlink(venv, join(folder.path, '.venv'));
    await using sandbox = await openArcSandbox({ cwd: folder.path });
    const url = `${sandbox.webSocketUrl}?token=a`;
    expect(await refusedStatus(url)).toBe(401);
    const code = await folder.read('src/ws/authorizer/lambda.py');
    await folder.write('src/ws/authorizer/lambda.py', code.replace('return None', "return {'id': '7', 'name': 'Ann'}"));
    await expect.poll(() => openConnection(url).then(({ close }) => close(), String), patience).toBe(1000);
  });
});
