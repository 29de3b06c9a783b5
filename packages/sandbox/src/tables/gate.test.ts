import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

/** Work that ends when it is told to. */
function work(log: string[], name: string) {
  const ends: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => ends.push(resolve));
  const run = async () => {
    log.push(`${name} begins`);
    await promise;
    log.push(`${name} ends`);
  };
  return { run, end: () => ends.forEach((end) => end()) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('work runs beside other work, and alone when it has to, in the order of asking', async () => {
  const gate = createGate();
  const log: string[] = [];
  const [a, b, alone, c] = ['a', 'b', 'alone', 'c'].map((name) => work(log, name));
  const all = [gate.beside(a!.run), gate.beside(b!.run), gate.alone(alone!.run), gate.beside(c!.run)];
  await settled();
  expect(log).toEqual(['a begins', 'b begins']);
  a!.end();
  await settled();
  expect(log).toEqual(['a begins', 'b begins', 'a ends']);
  b!.end();
  await settled();
  expect(log.slice(3)).toEqual(['b ends', 'alone begins']);
  alone!.end();
  await settled();
  expect(log.slice(5)).toEqual(['alone ends', 'c begins']);
  c!.end();
  await Promise.all(all);
});

const failing = () => Promise.reject(new Error('no'));

test('work that fails holds up nothing', async () => {
  const gate = createGate();
  const results = await Promise.allSettled([
    gate.beside(failing),
    gate.alone(failing),
    gate.alone(async () => 'alone'),
    gate.beside(async () => 'beside'),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
});
