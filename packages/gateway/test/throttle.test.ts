import { expect, test } from 'vitest';
import { createMovableClock } from '../../../test/support/movable-clock.ts';
import { echo, eventually, openTestGateway, refusal, wsRoutes } from './open-gateway.ts';

/** Routes of which one has a throttle. */
const throttled = (routeKey: string, ratePerSecond: number, burst: number) => ({
  ws: wsRoutes(['$connect', '$default', '$disconnect', 'join']).map((route) =>
    route.routeKey === routeKey ? { ...route, throttle: { ratePerSecond, burst } } : route,
  ),
});

test('A33, T043 a handshake beyond the throttle is refused, until there is room again', async () => {
  const clock = createMovableClock();
  await using site = await openTestGateway({ routes: throttled('$connect', 1, 1), options: { clock } });
  using first = await site.connect();
  const answer = await refusal(site.wsUrl);
  expect(answer).toMatchObject({ statusCode: 429, body: '{"message":"Too Many Requests"}' });
  expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  expect(site.eventsOf('connect').length).toBe(1);
  expect(site.events.at(-1)).toMatchObject({ type: 'connect', statusCode: 429 });
  expect(site.events.at(-1)).not.toHaveProperty('event');
  clock.advance(1000);
  using second = await site.connect();
  await Promise.all([first.pong(), second.pong()]);
  expect(site.eventsOf('connect').length).toBe(2);
});

test('A33, T044 a throttle of 0 refuses everybody', async () => {
  await using site = await openTestGateway({ routes: throttled('$connect', 0, 0) });
  const answers = [await refusal(site.wsUrl), await refusal(site.wsUrl)];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([429, 429]);
  expect(site.calls).toEqual([]);
});

test('C26, T127 a message beyond the throttle of its route gets a frame, and nobody is called', async () => {
  const clock = createMovableClock();
  await using site = await openTestGateway({
    routes: throttled('join', 2, 3),
    handlers: { join: echo, default: echo },
    options: { clock },
  });
  using client = await site.connect();
  const ask = async (text: string) => {
    client.socket.send(text);
    return client.next();
  };
  const { connectionId } = site.calls[0]!.event.requestContext;
  const join = '{"action":"join"}';
  const frame = new RegExp(
    `^\\{"message": "Too Many Requests", "connectionId":"${connectionId}", "requestId":"[A-Za-z0-9_-]{15}="\\}$`,
  );
  const answers: string[] = [];
  for (const text of [join, join, join, join, join]) answers.push(await ask(text));
  expect(answers.slice(0, 3)).toEqual([join, join, join]);
  expect(answers.slice(3)).toEqual([expect.stringMatching(frame), expect.stringMatching(frame)]);
  expect(site.eventsOf('join').length).toBe(3);
  expect(site.events.filter(({ type }) => type === 'message').at(-1)).toMatchObject({
    routeKey: 'join',
    errorFrame: answers[4],
    event: undefined,
    failure: undefined,
  });

  // Other routes have no part in it, and the connection lives on.
  expect(await ask('x')).toBe('x');
  clock.advance(500);
  expect(await ask(join)).toBe(join);
  expect(await ask(join)).toMatch(frame);
});

test('E27 all clients share one throttle', async () => {
  await using site = await openTestGateway({ routes: throttled('join', 0.001, 2), handlers: { join: echo } });
  const clients = [await site.connect(), await site.connect(), await site.connect()];
  for (const { socket } of clients) socket.send('{"action":"join"}');
  const answers = await Promise.all(clients.map((client) => client.next()));
  expect(answers.filter((text) => text.includes('Too Many Requests')).length).toBe(1);
  expect(site.eventsOf('join').length).toBe(2);
  for (const { socket } of clients) socket.terminate();
  await eventually(() => site.eventsOf('disconnect').length).toBe(3);
});
