import { describe, expect, test } from 'vitest';
import { openConnection } from '../../../test/support/connection.ts';
import { openApp } from './open-app.ts';

/** Says in which order events begin, and waits for a file where it is told to. */
const handler = `
const arc = require('@architect/functions');
const { existsSync } = require('node:fs');
exports.handler = async (event) => {
  const id = event.requestContext.connectionId;
  const { word, until, sends = 0 } = JSON.parse(event.body);
  console.log('begins ' + word + ' in ' + process.pid);
  while (until && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 5));
  for (let index = 0; index < sends; index += 1) await arc.ws.send({ id, payload: index });
  await arc.ws.send({ id, payload: word });
  return { statusCode: 200 };
};`;
const files = { 'src/ws/default/index.js': handler };
const words = Array.from({ length: 30 }, (_, index) => `w${index}`);

type App = Awaited<ReturnType<typeof openApp>>;

/** The words of the events that have begun, each with its process. */
function starts(app: App): readonly { readonly word: string; readonly pid: string }[] {
  return app.events.flatMap((event) => {
    const [, word, pid] = (event.type === 'output' && /^begins (\S+) in (\d+)/.exec(event.text)) || [];
    return word === undefined || pid === undefined ? [] : [{ word, pid }];
  });
}

function begun(app: App): readonly string[] {
  return starts(app).map(({ word }) => word);
}

describe('messages of one connection', () => {
  test('T126 start without waiting for those before them; T096 a quick answer comes first', async () => {
    await using app = await openApp(files);
    await using connection = await openConnection(app.url);
    connection.send({ word: 'slow', until: app.path('go') });
    connection.send({ word: 'fast' });
    expect(await connection.next()).toBe('fast');
    await expect.poll(() => begun(app)).toContain('slow');
    await app.save('go', '');
    expect(await connection.next()).toBe('slow');
  });

  test('T126 start in the order in which they came: no process begins an earlier one after a later one', async () => {
    await using app = await openApp(files);
    await using connection = await openConnection(app.url);
    for (const word of words) connection.send({ word });
    await expect.poll(() => connection.messages.length).toBe(words.length);
    expect(begun(app).toSorted()).toEqual(words.toSorted());
    const numbersOf = new Map<string, number[]>();
    for (const { word, pid } of starts(app)) {
      numbersOf.set(pid, [...(numbersOf.get(pid) ?? []), Number(word.slice(1))]);
    }
    for (const numbers of numbersOf.values()) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
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
  test('messages overtake each other; connections do not notice', async () => {
    await using app = await openApp(files, { flags: { shuffle: '7' } });
    expect(app.sandbox.shuffleSeed).toBe(7);
    const connection = await openConnection(app.url);
    for (const word of words) connection.send({ word });
    await expect.poll(() => connection.messages.length).toBe(words.length);
    const order = begun(app);
    expect(order).not.toEqual(words);
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
