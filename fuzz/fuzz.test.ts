import { expect, test } from 'vitest';
import { regressionAttack, regressions } from './regressions.ts';
import { attackFromJson, attackToJson } from './support/attack.ts';
import { createRandom } from './support/random.ts';
import { attackScene } from './support/replay.ts';
import { runFuzz } from './support/run.ts';
import { closeScene, factsOf, openScene, type Scene } from './support/scene.ts';
import { attackOf } from './attacks/all.ts';

const facts = {
  host: 'localhost:3333',
  stage: 'testing',
  hasTls: true,
  victimId: 'AAAAAAAAAAAAAAA=',
  credentials: { accessKeyId: 'AKIAFUZZ', secretAccessKey: 'secret' },
  region: 'us-west-2',
  nowMs: 1_708_326_702_118,
};

/** About half a minute. By hand: `npm run fuzz -- --minutes 60`. */
const attacksInCi = 600;

const texts = () => Array.from({ length: 60 }, (_, number) => attackToJson(attackOf(7, number, facts)));

test('a seed gives the same attacks each time, and they can be kept', () => {
  // As text: attacks have megabytes, which are slow to compare piece by piece.
  const first = texts();
  expect(texts().join('\n') === first.join('\n')).toBe(true);
  expect(first.every((text) => attackToJson(attackFromJson(text)) === text)).toBe(true);
  expect(new Set(first).size).toBe(first.length);
});

test('chances are even', () => {
  const random = createRandom(1, 1);
  const counts = Array.from({ length: 10 }, () => 0);
  for (let left = 10_000; left > 0; left -= 1) {
    const index = random.int(0, 9);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test(
  'whatever is thrown at a sandbox, others are served, and nothing is left behind',
  { timeout: 300_000 },
  async () => {
    const { findings, attacks } = await runFuzz({
      seed: 20_261_124,
      isOver: (count) => count >= attacksInCi,
      echoWithinMs: 10_000,
      onFinding: () => {},
    });
    expect(findings.map(({ what, numbers }) => ({ what, numbers }))).toEqual([]);
    expect(attacks).toBe(attacksInCi);
  },
);

test('what was found once is not found again', { timeout: 120_000 }, async () => {
  const scene: Scene = await openScene(undefined);
  try {
    for (const regression of regressions) {
      // oxlint-disable no-await-in-loop -- one after the other
      const faults = await attackScene(scene, regressionAttack(regression, await factsOf(scene)));
      // What was not closed is found when memory is cleared.
      await scene.target.measure?.();
      expect({ found: regression.found, faults: [...faults, ...scene.target.takeTroubles()] }).toEqual({
        found: regression.found,
        faults: [],
      });
    }
  } finally {
    await closeScene(scene);
  }
});
