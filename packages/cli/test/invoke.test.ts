import { describe, expect, test, vi } from 'vitest';
import { openArcSandbox, runArc } from '../../../test/support/arc.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const manifest = '@app\ntestapp\n@events\nlikes\n@queues\norders\n@scheduled\ndaily rate(1 day)\n';

describe('what arc init makes runs by hand', () => {
  test.for([
    { flag: [], ending: 'js' },
    { flag: ['--esm'], ending: 'mjs' },
    { flag: ['--typescript'], ending: 'ts' },
  ])('arc init $flag', async ({ flag, ending }) => {
    await using folder = await openTemporaryFolder({ 'app.arc': manifest });
    const made = await runArc(['init', ...flag], { cwd: folder.path });
    expect(made).toMatchObject({ exitCode: 0, errors: '' });
    expect(await folder.files()).toEqual(
      expect.arrayContaining(
        ['src/events/likes', 'src/queues/orders', 'src/scheduled/daily'].map((name) => `${name}/index.${ending}`),
      ),
    );
    await using arc = await openArcSandbox({ cwd: folder.path });
    const port = ['--port', new URL(arc.url).port];
    for (const words of [
      ['events/likes', '{"id":"é"}'],
      ['queue', 'orders', '[1]'],
      ['scheduled', 'daily'],
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one command line after the other
      const run = await runArc(['invoke', ...words, ...port], { cwd: folder.path });
      expect(run).toMatchObject({ exitCode: 0, errors: '', output: expect.stringContaining('is on its way') });
    }
    await vi.waitFor(
      () => {
        expect(arc.printed('events/likes')).toContain("{ id: 'é' }");
        expect(arc.printed('queues/orders')).toContain('[ 1 ]');
        expect(arc.printed('scheduled/daily')).toMatch(/it is \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n/);
        expect(arc.lines().filter(({ type }) => type === 'background')).toHaveLength(3);
      },
      { timeout: 15_000 },
    );
  });
});

describe('what cannot be run', () => {
  test.for([
    { words: [], exitCode: 2, errors: /^INVOKE_WORDS {2}"arc invoke" needs to know/ },
    { words: ['events/likes', '{'], exitCode: 2, errors: /^INVOKE_WORDS {2}"\{" is no JSON/ },
    { words: ['events/likes', '{}', 'x'], exitCode: 2, errors: /^ARGUMENT_UNUSED/ },
    { words: ['events/likes', '--port', '1'], exitCode: 1, errors: /^SANDBOX_UNREACHABLE .*port 1 / },
    { words: ['events/likes', '--port', 'x'], exitCode: 1, errors: /^PORT_INVALID/ },
  ])('arc invoke $words', async ({ words, exitCode, errors }) => {
    await using folder = await openTemporaryFolder();
    const run = await runArc(['invoke', ...words], { cwd: folder.path });
    expect(run).toMatchObject({ exitCode, output: '', errors: expect.stringMatching(errors) });
  });

  test('a sandbox that is not at the port of the preferences', async () => {
    await using folder = await openTemporaryFolder({ 'preferences.arc': '@sandbox\nports\n  http 1\n' });
    const run = await runArc(['invoke', 'events/likes'], { cwd: folder.path });
    expect(run).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^SANDBOX_UNREACHABLE .*port 1 /) });
    const typed = await runArc(['invoke', 'events/likes'], { cwd: folder.path, env: { PORT: '2' } });
    expect(typed).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^SANDBOX_UNREACHABLE .*port 2 /) });
  });

  test('a function that the app lacks, and any function where signatures are verified', async () => {
    await using folder = await openTemporaryFolder({ 'app.arc': manifest });
    await using arc = await openArcSandbox({ cwd: folder.path, flags: ['--strict'] });
    const port = ['--port', new URL(arc.url).port];
    const strict = await runArc(['invoke', 'events/likes', ...port], { cwd: folder.path });
    expect(strict).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^INVOKE_REFUSED .*403/) });
    await arc.stop();
    await using plain = await openArcSandbox({ cwd: folder.path });
    const unknown = await runArc(['invoke', 'events/like', '--port', new URL(plain.url).port], { cwd: folder.path });
    expect(unknown).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^INVOKE_UNKNOWN .*events\/likes/s) });
    const page = await fetch(`${plain.url}/_arc/invoke/events/likes`, { method: 'POST', body: '{}' });
    expect(page.status).toBe(403);
  });
});
