import { describe, expect, test } from 'vitest';
import { createMovableClock } from '../../../test/support/movable-clock.ts';
import { failureOf, isAlive, openProject, returned } from './open-project.ts';

const file = 'src/ws/default/index.js';

describe('by a clock that is moved', () => {
  test('T153 an event ends when its function may run no longer, and not before', async () => {
    const clock = createMovableClock();
    await using project = await openProject({
      files: {
        [file]: `exports.handler = async (event) => { console.log(process.pid); await new Promise(() => setInterval(() => {}, 1000)); };`,
      },
      functions: [{ name: 'ws/default', timeoutMs: 900_000 }],
      clock,
    });
    const outcome = project.invoke();
    await expect.poll(() => project.output()).toMatch(/\n$/);
    clock.advance(899_000);
    expect(isAlive(Number(project.output()))).toBe(true);
    clock.advance(1000);
    expect(failureOf(await outcome)).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: .* Error: Task timed out after 900\.00 seconds$/),
    });
    await expect.poll(() => isAlive(Number(project.output()))).toBe(false);
  });

  test('a load ends after ten seconds', async () => {
    const clock = createMovableClock();
    await using project = await openProject({
      files: { [file]: `console.log('loads'); for (;;);` },
      functions: [{ name: 'ws/default', maxEnvironments: 1 }],
      clock,
    });
    const outcome = project.invoke();
    await expect.poll(() => project.output()).toBe('loads\n');
    clock.advance(10_000);
    expect(failureOf(await outcome)).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'Loading timed out after 10.00 seconds',
    });
  });

  test('an event that ended in time stays ended', async () => {
    const clock = createMovableClock();
    await using project = await openProject({ files: { [file]: `exports.handler = async () => process.pid;` }, clock });
    const first = await project.invoke();
    clock.advance(3_600_000);
    expect(await project.invoke()).toEqual(first);
    expect(first).toEqual(returned(expect.any(Number)));
  });
});
