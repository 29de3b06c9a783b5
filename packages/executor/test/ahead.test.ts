import { readFile, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openProject, returned, type Project } from './open-project.ts';

/** Notes each event that begins, before anything can go wrong with it. */
const code = `
const { appendFileSync } = require('node:fs');
exports.handler = async (event) => {
  if (event.word !== undefined) appendFileSync(event.file, event.word + '\\n');
  if (event.bad === 'loop') for (;;) {}
  if (event.bad === 'abort') process.abort();
  if (event.bad === 'exit') process.exit(1);
  if (event.bad === 'wait') await new Promise((resolve) => setTimeout(resolve, 1500));
  return event.word;
};`;

/** Its function is known to be quick, so that events are handed over ahead. */
async function openQuick(maxEnvironments = 3): Promise<Project> {
  const project = await openProject({
    files: { 'src/ws/default/index.js': code },
    functions: [{ name: 'ws/default', timeoutMs: 2000, maxEnvironments }],
  });
  // oxlint-disable-next-line no-await-in-loop -- one burst after the other
  for (let burst = 0; burst < 10; burst += 1) await Promise.all(Array.from({ length: 20 }, () => project.invoke()));
  return project;
}

const words = Array.from({ length: 40 }, (_, word) => word);

const from = (connection: string) => ({ openConnectionId: connection });

describe('events behind one that', () => {
  test.for([
    { bad: 'loop', isOver: [false] },
    { bad: 'wait', isOver: [false] },
    { bad: 'abort', isOver: [true, false] },
    { bad: 'exit', isOver: [true, false] },
  ])('$bad: end without it, and none runs twice', async ({ bad, isOver }) => {
    await using project = await openQuick();
    const file = project.path('begun.txt');
    let isBadOver = false;
    const ended = project.invoke({ bad, file, word: 'bad' }).finally(() => (isBadOver = true));
    const outcomes = await Promise.all(words.map((word) => project.invoke({ word, file })));
    expect(isOver).toContain(isBadOver);
    expect(outcomes).toEqual(words.map(returned));
    expect((await ended).type).toBe(bad === 'wait' ? 'returned' : 'failed');
    const begun = (await readFile(file, 'utf8')).trim().split('\n');
    expect(begun.toSorted()).toEqual(['bad', ...words.map(String)].toSorted());
  });

  test.for([2, 3, 4, 5])('waits are not held up where %s come, and another environment gets free', async (count) => {
    await using project = await openQuick();
    const file = project.path('begun.txt');
    let isSlowOver = false;
    const slow = project.invoke({ bad: 'wait', file, word: 'slow' }).finally(() => (isSlowOver = true));
    await Promise.all(Array.from({ length: count }, (_, word) => project.invoke({ word, file })));
    expect(isSlowOver).toBe(false);
    await slow;
  });

  test('waits are not overtaken by later ones of their connection', async () => {
    await using project = await openQuick(2);
    const file = project.path('begun.txt');
    const slow = project.invoke({ bad: 'wait', file, word: 'slow' }, from('other'));
    const quick = project.invoke({ file, word: 'quick' }, from('another'));
    const first = project.invoke({ file, word: 'first' }, from('own'));
    const second = project.invoke({ file, word: 'second' }, from('own'));
    await quick;
    // An environment has nothing to do, and the first ones may be behind the slow one.
    const later = words.map((word) => project.invoke({ file, word }, from('own')));
    await Promise.all([first, second, ...later]);
    const begun = (await readFile(file, 'utf8')).trim().split('\n');
    const own = begun.filter((word) => word !== 'slow' && word !== 'quick');
    expect(own).toEqual(['first', 'second', ...words.map(String)]);
    await slow;
  });

  test('are moved to new code by a save, and none is lost', async () => {
    await using project = await openQuick();
    const before = words.map((word) => project.invoke({ word, file: project.path('begun.txt') }));
    const saved = project.save({ 'src/ws/default/index.js': `${code}\n// saved` });
    const after = words.map((word) => project.invoke({ word, file: project.path('begun.txt') }));
    await saved;
    expect(await Promise.all([...before, ...after])).toEqual([...words, ...words].map(returned));
    const begun = (await readFile(project.path('begun.txt'), 'utf8')).trim().split('\n');
    expect(begun).toHaveLength(80);
  });
});

test('environments start and answer when the tickets have been removed', async () => {
  await using project = await openQuick();
  await rm(project.path('.furrow/tickets'));
  const file = project.path('begun.txt');
  for (let ended = 0; ended < 3; ended += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect((await project.invoke({ bad: 'exit', file })).type).toBe('failed');
    // oxlint-disable-next-line no-await-in-loop -- until a spare one would have been started
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  const outcomes = await Promise.all(words.map((word) => project.invoke({ word, file })));
  expect(outcomes).toEqual(words.map(returned));
});
