import { describe, expect, test } from 'vitest';
import { openConnection } from '../../../test/support/connection.ts';
import { openApp } from './open-app.ts';

/** Answers at once, and once more later without waiting for it; to `ping` at once alone. */
const files = {
  'src/ws/default/index.js': `
const arc = require('@architect/functions');
exports.handler = async (event) => {
  const id = event.requestContext.connectionId;
  if (event.body === 'late') setTimeout(() => arc.ws.send({ id, payload: 'later' }), 10);
  await arc.ws.send({ id, payload: event.body });
  return { statusCode: 200 };
};`,
  'src/ws/connect/index.js': `
exports.handler = () => new Promise((resolve) => setTimeout(resolve, 100, { statusCode: 200 }));`,
};

describe('T149 a send in a timer that nobody awaits', () => {
  test('arrives, and is warned of once', async () => {
    await using app = await openApp(files);
    await using connection = await openConnection(app.url);
    expect([await connection.ask('late'), await connection.next()]).toEqual(['late', 'later']);
    expect([await connection.ask('late'), await connection.next()]).toEqual(['late', 'later']);
    expect(app.events.filter(({ type }) => type === 'leftBehind')).toMatchObject([
      { functionName: 'ws/default', work: 'setTimeout', place: 'src/ws/default/index.js:5' },
    ]);
  });

  test('waits for the next event with --strict', async () => {
    await using app = await openApp(files, { flags: { isStrict: true } });
    await using connection = await openConnection(app.url);
    expect(await connection.ask('late')).toBe('late');
    // Another handshake takes ten times as long as the timer.
    await using other = await openConnection(app.url);
    expect(connection.messages).toEqual(['late']);
    expect(await other.ask('ping')).toBe('ping');
    expect(await connection.next()).toBe('later');
    expect(app.events.filter(({ type }) => type === 'leftBehind').length).toBe(1);
  });
});
