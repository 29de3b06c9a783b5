import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openProject, returned } from './open-project.ts';

const code = (word: string) => `exports.handler = async () => '${word}';`;

/** Of processes that this one has started. */
async function builders(): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid = '', parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === process.pid && /esbuild.* --service/.test(command) ? [pid] : [];
  });
}

test('what has built many functions is replaced, and what is saved then is built', async () => {
  const names = Array.from({ length: 6 }, (_, index) => `ws/f${index}`);
  await using project = await openProject({
    files: Object.fromEntries(names.map((name) => [`src/${name}/index.js`, code('one')])),
    functions: names.map((name) => ({ name })),
  });
  const before = await builders();
  expect(before).toHaveLength(1);
  const garbage = new WeakRef({ name: 'garbage' });
  await expect.poll(async () => (await builders()).join(), { timeout: 10_000 }).not.toBe(before[0]);
  expect(await builders()).toHaveLength(1);
  await expect.poll(() => garbage.deref()).toBeUndefined();
  await project.save({ 'src/ws/f1/index.js': code('two') });
  expect(await project.invoke({}, { name: 'ws/f1' })).toEqual(returned('two'));
  expect(await project.invoke({}, { name: 'ws/f2' })).toEqual(returned('one'));
});
