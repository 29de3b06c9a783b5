import { expect, test } from 'vitest';
import { createBatch } from './batch.ts';
import { createFrameReader } from './codec.ts';

/** A batch that records the texts of each write. */
function open() {
  const writes: string[][] = [];
  const batch = createBatch((data) => {
    const texts: string[] = [];
    createFrameReader((kind, payload) => texts.push(`${kind}:${payload.toString('utf8')}`))(data);
    writes.push(texts);
  });
  return {
    writes,
    batch,
    push: (text: string, canWait?: boolean) => batch.push(1, (frame) => frame.text(text), canWait),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the first frames of a turn leave together, as soon as the running code has ended', async () => {
  const { writes, push } = open();
  push('a');
  push('b');
  expect(writes).toEqual([]);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(writes).toEqual([['1:a', '1:b']]);
});

test('all later ones leave together at its end', async () => {
  const { writes, push } = open();
  push('a');
  await new Promise<void>((resolve) => process.nextTick(resolve));
  push('b');
  await Promise.resolve();
  push('c');
  expect(writes).toEqual([['1:a']]);
  await turn();
  expect(writes).toEqual([['1:a'], ['1:b', '1:c']]);
});

test('a frame that can wait leaves at the end of its turn, or with one that cannot', async () => {
  const { writes, push } = open();
  push('a', true);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(writes).toEqual([]);
  await turn();
  expect(writes).toEqual([['1:a']]);
  push('b', true);
  push('c');
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(writes).toEqual([['1:a'], ['1:b', '1:c']]);
});

test('sixteen frames that can wait leave together; others are not counted', async () => {
  const { writes, push } = open();
  for (let count = 0; count < 40; count += 1) {
    push('event', true);
    push('other');
  }
  expect(writes.map((texts) => texts.length)).toEqual([31, 32]);
  await turn();
  expect(writes.map((texts) => texts.length)).toEqual([31, 32, 17]);
});

test('a turn later the next frame is a first one again', async () => {
  const { writes, push } = open();
  push('a');
  await turn();
  await turn();
  push('b');
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(writes).toEqual([['1:a'], ['1:b']]);
});

test('behind a turn with many frames the first ones wait for the others', async () => {
  const { writes, push } = open();
  for (const text of 'abcd') push(text);
  await turn();
  await turn();
  push('e');
  await new Promise<void>((resolve) => process.nextTick(resolve));
  push('f');
  expect(writes).toHaveLength(1);
  await turn();
  expect(writes).toEqual([
    ['1:a', '1:b', '1:c', '1:d'],
    ['1:e', '1:f'],
  ]);
  await turn();
  push('g');
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(writes).toHaveLength(3);
});

test('much of one go does not wait for the rest of it', () => {
  const { writes, push } = open();
  for (let count = 0; count < 5; count += 1) push('x'.repeat(20_000));
  expect(writes.map((texts) => texts.length)).toEqual([4]);
});

test('flush writes at once, and nothing twice', async () => {
  const { writes, batch, push } = open();
  batch.flush();
  push('a');
  batch.flush();
  expect(writes).toEqual([['1:a']]);
  await turn();
  expect(writes).toEqual([['1:a']]);
});
