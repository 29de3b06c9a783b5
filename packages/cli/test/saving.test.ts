import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openArcSandbox, runArc, startArc, type RunningSandbox } from '../../../test/support/arc.ts';
import { openConnection } from '../../../test/support/connection.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const answers = (text: string) =>
  `let arc = require('@architect/functions')
exports.handler = async ({ requestContext }) => {
  await arc.ws.send({ id: requestContext.connectionId, payload: ${text} })
  return { statusCode: 200 }
}
`;

/** A sandbox of the document's app with one open connection. */
async function openApp(files: Readonly<Record<string, string>> = {}) {
  const folder = await openTemporaryFolder(files);
  await runArc(['init'], { cwd: folder.path });
  const sandbox = await openArcSandbox({ cwd: folder.path });
  const connection = await openConnection(sandbox.webSocketUrl);
  return {
    folder,
    sandbox,
    connection,
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await sandbox[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The lines of a type that were not there before. */
function watchFor(sandbox: RunningSandbox, type: string) {
  const before = sandbox.lines().length;
  const news = () => sandbox.lines().slice(before);
  return async () => {
    await expect.poll(() => news().some((line) => line.type === type), { timeout: 10_000 }).toBe(true);
    return news().find((line) => line.type === type)!;
  };
}

describe('a save takes effect on the next event, and every socket is kept', () => {
  test('a handler', async () => {
    await using app = await openApp();
    expect(await app.connection.ask({ text: 'one' })).toEqual({ text: 'one' });
    for (const version of ['first', 'second', 'third']) {
      const built = watchFor(app.sandbox, 'built');
      await app.folder.write('src/ws/default/index.js', answers(`{ version: '${version}' }`));
      const line = await built();
      expect(line).toMatchObject({
        files: ['src/ws/default/index.js'],
        connections: 1,
        reports: [{ label: 'default' }],
      });
      expect(await app.connection.ask('anything')).toEqual({ version });
    }
    expect(app.connection.isOpen).toBe(true);
  });

  test('a save right after the start, before anything else happens', async () => {
    await using folder = await openTemporaryFolder();
    await runArc(['init'], { cwd: folder.path });
    await using sandbox = await openArcSandbox({ cwd: folder.path });
    await folder.write('src/ws/default/index.js', answers(`'saved'`));
    await using connection = await openConnection(sandbox.webSocketUrl);
    await expect.poll(() => connection.ask({ text: 'old' }), { timeout: 10_000 }).toBe('saved');
  });

  test('code that several functions share', async () => {
    await using app = await openApp({
      'app.arc': '@app\ntestapp\n@ws\njoin\n',
      'src/shared/word.js': `module.exports = 'old'\n`,
      'src/ws/default/index.js': answers(`require('../../shared/word')`),
      'src/ws/join/index.js': answers(`require('../../shared/word')`),
    });
    expect(await app.connection.ask('x')).toBe('old');
    const built = watchFor(app.sandbox, 'built');
    await app.folder.write('src/shared/word.js', `module.exports = 'new'\n`);
    const { reports } = await built();
    expect(reports).toMatchObject([{ label: 'default' }, { label: 'join' }]);
    expect(await app.connection.ask('x')).toBe('new');
    expect(await app.connection.ask({ action: 'join' })).toBe('new');
  });

  test('a file that a handler reads at run time', async () => {
    await using app = await openApp({
      'app.arc': '@app\ntestapp\n@ws\n',
      'src/ws/default/words.txt': 'old',
      'src/ws/default/index.js': answers(`require('fs').readFileSync(__dirname + '/words.txt', 'utf8')`),
    });
    expect(await app.connection.ask('x')).toBe('old');
    const built = watchFor(app.sandbox, 'built');
    await app.folder.write('src/ws/default/words.txt', 'new');
    await built();
    expect(await app.connection.ask('x')).toBe('new');
  });

  test('a static file', async () => {
    await using app = await openApp({ 'public/words.txt': 'old' });
    const read = async () => (await fetch(`${app.sandbox.url}/_static/words.txt`)).text();
    expect(await read()).toBe('old');
    await app.folder.write('public/words.txt', 'new');
    expect(await read()).toBe('new');
    await app.folder.write('public/more.txt', 'more');
    expect(await (await fetch(`${app.sandbox.url}/_static/more.txt`)).text()).toBe('more');
    expect(app.connection.isOpen).toBe(true);
  });

  test('.env, made and changed', async () => {
    await using app = await openApp({
      'app.arc': '@app\ntestapp\n@ws\n',
      'src/ws/default/index.js': answers(`{ word: process.env.WORD }`),
    });
    expect(await app.connection.ask('x')).toEqual({});
    for (const word of ['one', 'two']) {
      const changed = watchFor(app.sandbox, 'environmentChanged');
      await app.folder.write('.env', `WORD=${word}\n`);
      expect(await changed()).toMatchObject({ file: '.env' });
      expect(await app.connection.ask('x')).toEqual({ word });
    }
  });

  test('the manifest: a route is added, then removed', async () => {
    await using app = await openApp();
    expect(await app.connection.ask({ action: 'join', text: 'to default' })).toEqual({ text: 'to default' });

    const added = watchFor(app.sandbox, 'manifestChanged');
    await app.folder.write('src/ws/join/index.js', answers(`'from join'`));
    await app.folder.write('app.arc', '@app\ntestapp\n@ws\njoin\n@http\nget /\nget /new\n');
    expect(await added()).toMatchObject({ file: 'app.arc', added: ['join', 'get /new'], removed: [], connections: 1 });
    expect(await app.connection.ask({ action: 'join', text: 'x' })).toBe('from join');
    expect(await app.connection.ask({ text: 'x' })).toEqual({ text: 'x' });

    const removed = watchFor(app.sandbox, 'manifestChanged');
    await app.folder.write('app.arc', '@app\ntestapp\n@ws\n@http\nget /\n');
    expect(await removed()).toMatchObject({ added: [], removed: ['join', 'get /new'], connections: 1 });
    expect(await app.connection.ask({ action: 'join', text: 'to default' })).toEqual({ text: 'to default' });
    expect((await fetch(`${app.sandbox.url}/new`)).status).toBe(404);
    expect(app.connection.isOpen).toBe(true);
  });
});

describe('a broken save is reported with its place, and the last good version keeps serving', () => {
  test('a handler', async () => {
    await using app = await openApp();
    expect(await app.connection.ask({ text: 'one' })).toEqual({ text: 'one' });
    const broken = watchFor(app.sandbox, 'built');
    await app.folder.write('src/ws/default/index.js', `exports.handler = async () => {\n  let x = = 1\n}\n`);
    const { reports } = await broken();
    const problem = { file: 'src/ws/default/index.js', line: 2, column: 11, text: '  let x = = 1' };
    expect(reports).toMatchObject([{ label: 'default', problems: [problem] }]);
    expect(await app.connection.ask({ text: 'two' })).toEqual({ text: 'two' });

    const mended = watchFor(app.sandbox, 'built');
    await app.folder.write('src/ws/default/index.js', answers(`'mended'`));
    await mended();
    expect(await app.connection.ask('x')).toBe('mended');
  });

  test('the manifest', async () => {
    await using app = await openApp();
    const broken = watchFor(app.sandbox, 'manifestBroken');
    await app.folder.write('app.arc', '@app\ntestapp\n@ws\njoin\njoin\n');
    const { description } = await broken();
    expect(description).toMatch(/app\.arc:5:1 +ROUTE_TWICE/);
    expect(await app.connection.ask({ text: 'still here' })).toEqual({ text: 'still here' });
    expect((await fetch(app.sandbox.url)).status).toBe(200);
  });

  test('a manifest that is gone', async () => {
    await using app = await openApp();
    const broken = watchFor(app.sandbox, 'manifestBroken');
    await rm(join(app.folder.path, 'app.arc'));
    await broken();
    expect(await app.connection.ask({ text: 'still here' })).toEqual({ text: 'still here' });
  });
});

test('a person reads file, line and column, the line with a mark, and what still serves', async () => {
  await using folder = await openTemporaryFolder();
  await runArc(['init'], { cwd: folder.path });
  await using arc = startArc(['sandbox', '--port', '0'], { cwd: folder.path });
  await expect.poll(() => arc.output(), { timeout: 10_000 }).toContain('Ctrl-C stops.');
  // An answer shows that there is a good version.
  await using connection = await openConnection(/ws:\S+/.exec(arc.output())![0]);
  expect(await connection.ask({ text: 'hello' })).toEqual({ text: 'hello' });
  await connection.close();
  await folder.write('src/ws/default/index.js', 'exports.handler = async () => {\n  let x = = 1\n}\n');
  await expect.poll(() => arc.output(), { timeout: 10_000 }).toContain('^');
  expect(arc.output()).toMatch(/default +does not build +the last good version keeps serving/);
  expect(arc.output()).toContain('src/ws/default/index.js:2:11  Unexpected "="');
  const lines = arc.output().split('\n');
  const at = lines.findIndex((line) => line.includes('2 |   let x = = 1'));
  expect(lines[at + 1]!.indexOf('^')).toBe(lines[at]!.indexOf('= 1'));

  await folder.write('app.arc', '@app\ntestapp\n@ws\njoin\njoin\n@http\nget /\n');
  await expect.poll(() => arc.output(), { timeout: 10_000 }).toMatch(/app\.arc:5:1 +ROUTE_TWICE/);
  await folder.write('app.arc', '@app\ntestapp\n@ws\njoin\n@http\nget /\n');
  await expect.poll(() => arc.output(), { timeout: 10_000 }).toMatch(/changed +app\.arc +\+ join, 0 sockets kept/);
  await folder.write('.env', 'A=1\n');
  await expect.poll(() => arc.output(), { timeout: 10_000 }).toMatch(/changed +\.env +handlers start anew/);
  expect(await arc.stop()).toBe(0);
});
