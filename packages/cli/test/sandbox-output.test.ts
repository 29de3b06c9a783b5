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
    expect(lines.filter(({ type }) => type !== 'output' && type !== 'notice')).toMatchObject([
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

describe('what AWS does, felt early', () => {
  const files = {
    'app.arc': '@app\none\n@ws\n',
    'src/ws/connect/index.js': 'exports.handler = async () => ({ statusCode: 200 })',
    'src/ws/disconnect/index.js': 'exports.handler = async () => {}',
    'src/ws/default/index.js': `exports.handler = async ({ body }) => {
  if (body === 'slow') await new Promise((resolve) => setTimeout(resolve, 2000))
  if (body === 'forgets') setTimeout(() => {}, 60_000)
  return { statusCode: 200 }
}`,
  };

  test.for([
    ['--idle-timeout', '0.3'],
    ['--connection-duration', '0.3'],
  ])('%s %s closes with 1001', async (flags) => {
    await using folder = await openTemporaryFolder(files);
    await using sandbox = await openArcSandbox({ cwd: folder.path, flags });
    const connection = await openConnection(sandbox.webSocketUrl);
    expect(await connection.closed).toBe(1001);
  });

  test('--integration-timeout 0.2 gives up on a handler', async () => {
    // Without a connect function, which could be too late as well.
    await using folder = await openTemporaryFolder({ ...files, 'app.arc': '@app\none\n@ws\nconnect false\n' });
    await using sandbox = await openArcSandbox({ cwd: folder.path, flags: ['--integration-timeout', '0.2'] });
    await using connection = await openConnection(sandbox.webSocketUrl);
    expect(await connection.ask('slow')).toMatchObject({ message: 'Endpoint request timed out' });
  });

  test.for([
    { argv: ['--idle-timeout', '601'], code: 'TIME_LIMIT_INVALID' },
    { argv: ['--shuffle=many'], code: 'SHUFFLE_SEED_INVALID' },
  ])('$argv is refused', async ({ argv, code }) => {
    await using folder = await openTemporaryFolder(files);
    const { exitCode, errors } = await runArc(['sandbox', ...argv], { cwd: folder.path });
    expect([exitCode, errors.split('  ')[0]]).toEqual([1, code]);
  });

  test('--shuffle prints its seed, and how to repeat it', async () => {
    await using folder = await openTemporaryFolder(files);
    await using arc = startArc(['sandbox', '--port', '0', '--shuffle'], { cwd: folder.path });
    const line = /^ {2}shuffle (\d+): messages wait up to 100 ms; --shuffle=(\d+) repeats this run$/m;
    await expect.poll(() => arc.output()).toMatch(line);
    const [, seed = '', again] = line.exec(arc.output()) ?? [];
    expect(again).toBe(seed);
    await using sandbox = await openArcSandbox({ cwd: folder.path, flags: ['--shuffle', seed] });
    expect(sandbox.lines()[0]).toMatchObject({ type: 'ready', shuffleSeed: Number(seed) });
  });

  test('work that is left behind is named once', async () => {
    await using folder = await openTemporaryFolder(files);
    await using arc = startArc(['sandbox', '--port', '0', '--strict', '--quiet'], { cwd: folder.path });
    await expect.poll(() => arc.output()).toMatch(/ws:\S+/);
    await using connection = await openConnection(/ws:\S+/.exec(arc.output())?.[0] ?? '');
    for (let count = 0; count < 3; count += 1) connection.send('forgets');
    await expect
      .poll(() => arc.output())
      .toContain(
        'ws/default left a timer running when it returned: src/ws/default/index.js:3\n' +
          '          On AWS it waits for the next event. Await it before you return.\n',
      );
    await arc.stop();
    expect(arc.output().match(/left a timer/g)?.length).toBe(1);
  });
});
