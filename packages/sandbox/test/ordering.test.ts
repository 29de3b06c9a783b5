import { describe, expect, test } from 'vitest';
import { openConnection } from '../../../test/support/connection.ts';
import { holdMs } from '../src/shuffle.ts';
import { openApp } from './open-app.ts';

/** Says in which order events begin, and takes its time where it is told to. */
const handler = `
const arc = require('@architect/functions');
exports.handler = async (event) => {
  const id = event.requestContext.connectionId;
  const { word, waitMs = 0, sends = 0 } = JSON.parse(event.body);
  console.log('begins ' + word);
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  for (let index = 0; index < sends; index += 1) await arc.ws.send({ id, payload: index });
  await arc.ws.send({ id, payload: word });
  return { statusCode: 200 };
};`;
const files = { 'src/ws/default/index.js': handler };
const words = Array.from({ length: 30 }, (_, index) => `w${index}`);

function begun(app: Awaited<ReturnType<typeof openApp>>): readonly string[] {
  return app.events.flatMap((event) =>
    event.type === 'output' && event.text.startsWith('begins ') ? [event.text.slice('begins '.length).trim()] : [],
  );
}

describe('messages of one connection', () => {
  test('T126 start in the order in which they came, none waiting for the one before it', async () => {
    await using app = await openApp(files);
    await using connection = await openConnection(app.url);
    connection.send({ word: 'slow', waitMs: 500 });
    connection.send({ word: 'fast' });
    // T096: the answer to the second comes first.
    expect([await connection.next(), await connection.next()]).toEqual(['fast', 'slow']);
    expect(begun(app)).toEqual(['slow', 'fast']);
  });

  test('go through one process in their order, however many', async () => {
    await using app = await openApp({ ...files, 'src/ws/default/config.arc': '@aws\ntimeout 5\n' });
    await using connection = await openConnection(app.url);
    // Warm, so that one process is there; quick events then meet no second one that they could overtake in.
    for (const word of words) await connection.ask({ word });
    expect(connection.messages).toEqual(words);
    expect(begun(app)).toEqual(words);
  });

  test('T119 what a handler awaits to send arrives in its order', async () => {
    await using app = await openApp(files);
    await using connection = await openConnection(app.url);
    connection.send({ word: 'end', sends: 100 });
    await expect.poll(() => connection.messages.length).toBe(101);
    expect(connection.messages).toEqual([...Array.from({ length: 100 }, (_, index) => index), 'end']);
  });
});

describe('with --shuffle', () => {
  test('messages overtake each other by the moments of the seed; connections do not notice', async () => {
    await using app = await openApp(files, { flags: { shuffle: '7' } });
    expect(app.sandbox.shuffleSeed).toBe(7);
    const connection = await openConnection(app.url);
    for (const word of words) connection.send({ word });
    await expect.poll(() => connection.messages.length).toBe(words.length);
    const apart = words.flatMap((word, index) =>
      words.slice(index + 1).flatMap((later, offset) => {
        const ms = holdMs(7, index) - holdMs(7, index + 1 + offset);
        return ms > 40 ? [[later, word] as const] : [];
      }),
    );
    expect(apart.length).toBeGreaterThan(20);
    const order = begun(app);
    expect(apart.filter(([first, second]) => order.indexOf(first) > order.indexOf(second))).toEqual([]);
    expect(order.toSorted()).toEqual(words.toSorted());
    await connection.close();
    await expect.poll(() => app.events.map(({ type }) => type)).toContain('disconnect');
    expect(app.events.filter((event) => 'failure' in event && event.failure)).toEqual([]);
  });

  test('a seed is chosen where none was given', async () => {
    await using app = await openApp(files, { flags: { shuffle: true } });
    expect(app.sandbox.shuffleSeed).toBeTypeOf('number');
    await using connection = await openConnection(app.url);
    expect(await connection.ask({ word: 'x' })).toBe('x');
  });
});
