import { describe, expect, test } from 'vitest';
import { runArc } from '../../../test/support/arc.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const manifest = { 'app.arc': '@app\ntestapp\n' };

describe.for([
  { away: 'a region', env: {}, message: 'No AWS region is set.' },
  {
    away: 'credentials',
    env: { AWS_REGION: 'us-west-2', AWS_EC2_METADATA_DISABLED: 'true' },
    message: 'There are no AWS credentials',
  },
])('without $away of AWS, arc env', ({ env, message }) => {
  test('adds to .env, lists and removes what is for testing', async () => {
    await using folder = await openTemporaryFolder(manifest);
    const options = { cwd: folder.path, env: { ...env, HOME: folder.path } };
    const added = await runArc(['env', 'add', 'KEY', 'secret', '--env', 'testing'], options);
    expect(added).toMatchObject({ exitCode: 0, errors: '' });
    expect(added.output).toContain(`KEY is in .env, which the sandbox reads, and nowhere else: ${message}`);
    expect(await folder.read('.env')).toBe('KEY=secret\n');

    const one = await runArc(['env', '--env', 'testing'], options);
    expect(one).toMatchObject({ exitCode: 0, errors: '', output: expect.stringContaining('  testing    KEY\n') });
    const all = await runArc(['env'], options);
    expect(all).toMatchObject({ exitCode: 0, errors: '' });
    expect(all.output).toContain('  testing    KEY\n  staging    not known\n  production not known\n');
    expect(all.output).toContain(message);

    const removed = await runArc(['env', 'remove', 'KEY', '--env', 'testing'], options);
    expect(removed).toMatchObject({ exitCode: 0, errors: '' });
    expect(await folder.read('.env')).toBe('');
  });

  test('lists what preferences say', async () => {
    await using folder = await openTemporaryFolder({ ...manifest, 'preferences.arc': '@env\ntesting\n  ONE 1\n' });
    const run = await runArc(['env', '--env', 'testing'], { cwd: folder.path, env: { ...env, HOME: folder.path } });
    expect(run.output).toContain('  testing    ONE\n');
  });

  test.for([
    { words: ['add', 'KEY', 'x', '--env', 'staging'], error: message },
    { words: ['--env', 'production'], error: message },
    { words: ['pull'], error: message },
    { words: ['add', 'a-b', 'c', '--env', 'testing'], error: 'VARIABLE_NAME' },
    { words: ['remove', 'NONE', '--env', 'testing'], error: 'VARIABLE_MISSING' },
  ])('$words fails', async ({ words, error }) => {
    await using folder = await openTemporaryFolder(manifest);
    const run = await runArc(['env', ...words], { cwd: folder.path, env: { ...env, HOME: folder.path } });
    expect(run).toMatchObject({ exitCode: 1, errors: expect.stringContaining(error) });
  });
});
