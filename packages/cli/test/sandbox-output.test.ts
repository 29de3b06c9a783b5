import { describe, expect, test } from 'vitest';
import { openArcSandbox, runArc, startArc } from '../../../test/support/arc.ts';
import { openConnection, refusedStatus } from '../../../test/support/connection.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const failing = `exports.handler = async (event) => {
  console.log('got', event.body)
  return JSON.parse(event.body).user.name
}
`;

/** Runs the document's app with a `join` that fails, lets a page and a client come and go, and stops it. */
async function record(flags: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await using folder = await openTemporaryFolder({
    'app.arc': '@app\ntestapp\n@ws\njoin\n@http\nget /\n',
    'src/ws/join/index.js': failing,
  });
  await runArc(['init'], { cwd: folder.path });
  await using arc = startArc(['sandbox', '--port', '0', ...flags], { cwd: folder.path, env });
  await expect.poll(() => arc.output(), { timeout: 10_000 }).toMatch(/http:\/\/localhost:\d+/);
  const [url = ''] = /http:\/\/localhost:\d+/.exec(arc.output())!;
  const socketUrl = `${url.replace('http', 'ws')}/testing`;
  expect((await fetch(url)).status).toBe(200);
  expect(await refusedStatus(socketUrl, { origin: 'https://elsewhere.example' })).toBe(403);
  const connection = await openConnection(socketUrl, { origin: url });
  await connection.ask({ text: `hello ${'x'.repeat(200)}` });
  await connection.ask({ action: 'join' });
  // Stopping closes it with 1001 and runs its disconnect.
  expect(await arc.stop()).toBe(0);
  expect(await connection.closed).toBe(1001);
  return { output: arc.output(), errors: arc.errors(), url };
}

const clock = String.raw`\d\d:\d\d:\d\d`;
const id = String.raw`[\w+/=-]{8}`;
const ms = String.raw`[\d.]+ ms`;

describe('arc sandbox', () => {
  test('one tidy line for each event', async () => {
    const { output, errors, url } = await record([]);
    expect(errors).toBe('');
    const lines = output.split('\n');
    expect(lines.slice(0, 6)).toEqual([
      expect.stringMatching(/^Furrow 0\.1 {2}testapp {2}ready in \d+ ms$/),
      `  page    ${url}`,
      `  socket  ${url.replace('http', 'ws')}/testing`,
      '  5 functions: ws connect default disconnect join, http get /',
      'Save a file and the next event runs it; sockets stay open. Ctrl-C stops.',
      '',
    ]);
    for (const pattern of [
      `^${clock}  get +200 +${ms}  /$`,
      `^${clock}  connect       ${id}  403 +${ms}  https://elsewhere\\.example$`,
      `^${clock}  connect       ${id}  200 +${ms}  ${url}$`,
      `^${clock}  default       ${id}  ok +${ms}  \\{"text":"hello x+… \\(217 bytes\\)$`,
      `^ {10}join          \\| got \\{"action":"join"\\}$`,
      `^${clock}  join          ${id}  error +${ms}  TypeError: Cannot read properties of undefined \\(reading 'name'\\)$`,
      `^ {10}\\|   at .*src/ws/join/index\\.js:3:\\d+\\)?$`,
      `^ {10}the client got \\{"message": ?"Internal server error".*\\}, as on AWS$`,
      `^${clock}  disconnect    ${id}  1001 +${ms}  Going away$`,
    ]) {
      expect(output).toMatch(new RegExp(pattern, 'm'));
    }
    // Without a terminal there is no colour, and no line is longer than it.
    expect(output).not.toContain('\u001b');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(180);
  });

  test('--quiet leaves out what went well', async () => {
    const { output } = await record(['--quiet']);
    expect(output).toContain('| got {"action":"join"}');
    expect(output).toMatch(/join +\S+ +error .*TypeError/);
    expect(output).not.toMatch(new RegExp(`^${clock}  (?:get|connect|default|disconnect) `, 'm'));
  });

  test('--verbose cuts nothing', async () => {
    const { output } = await record(['--verbose']);
    expect(output).toContain(`{"text":"hello ${'x'.repeat(200)}"}`);
  });

  test('--json prints one object a line, from ready to the end', async () => {
    const { output } = await record(['--json']);
    const lines: Record<string, unknown>[] = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const line of lines) expect(line['atMs']).toBeTypeOf('number');
    expect(lines[0]).toMatchObject({ type: 'ready', app: 'testapp', warnings: [] });
    expect(lines.filter(({ type }) => type !== 'output')).toMatchObject([
      { type: 'ready' },
      { type: 'http', method: 'GET', path: '/', routeKey: 'GET /', statusCode: 200 },
      { type: 'connect', statusCode: 403, origin: 'https://elsewhere.example' },
      { type: 'connect', statusCode: 101 },
      { type: 'message', routeKey: '$default' },
      { type: 'message', routeKey: 'join', failure: { errorType: 'TypeError' }, errorFrame: expect.any(String) },
      { type: 'stopping' },
      { type: 'disconnect', code: 1001, reason: 'Going away' },
    ]);
  });
});

describe('the address', () => {
  test('PORT is used where there is no --port', async () => {
    await using folder = await openTemporaryFolder();
    await runArc(['init'], { cwd: folder.path });
    await using arc = startArc(['sandbox'], { cwd: folder.path, env: { PORT: '0' } });
    await expect.poll(() => arc.output(), { timeout: 10_000 }).toMatch(/page {4}http:\/\/localhost:\d+/);
    expect(arc.output()).not.toContain(':3333');
  });

  test('arc sandbox <folder> runs the app in that folder', async () => {
    await using folder = await openTemporaryFolder({ 'one/app.arc': '@app\none\n@ws\n' });
    await runArc(['init', 'one'], { cwd: folder.path });
    await using sandbox = await openArcSandbox({ cwd: folder.path, flags: ['one'] });
    expect(sandbox.lines()[0]).toMatchObject({ type: 'ready', app: 'one' });
  });

  test('a function without a handler is named, and the others run', async () => {
    await using folder = await openTemporaryFolder({ 'app.arc': '@app\none\n@ws\njoin\n' });
    await runArc(['init'], { cwd: folder.path });
    await folder.write('app.arc', '@app\none\n@ws\njoin\nleave\n');
    await using arc = startArc(['sandbox', '--port', '0'], { cwd: folder.path });
    await expect.poll(() => arc.output(), { timeout: 10_000 }).toMatch(/leave +no handler yet +run "arc init"/);
  });
});
