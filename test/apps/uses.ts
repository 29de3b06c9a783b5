import { expect } from 'vitest';
import { openVisitor } from '../../examples/sessions/test/visitor.ts';
import type { Connection } from '../support/connection.ts';
import type { Place } from './place.ts';

/** Longest wait for what a function does. */
const patience = { timeout: 15_000 };
/** The id of a connection that nobody has. */
const ghost = 'AAAAAAAAAAAAAAA=';

/** Uses an app as people do, wherever it runs. */
export type Use = (place: Place) => Promise<void>;

/** By the folder of the app. */
export const uses: Readonly<Record<string, Use>> = {
  callbacks: useCallbacks,
  'arc-tables': useArcTables,
  'sdk-3': useSdk3,
  typescript: useTypescript,
  sessions: useSessions,
  shared: useShared,
  subprotocol: useSubprotocol,
  plugin: usePlugin,
};

async function useCallbacks(place: Place): Promise<void> {
  const ids = async () => (await place.items('connections')).map(({ connectionId }) => connectionId);
  const page = async () => (await fetch(`${place.pageUrl}/`)).text();
  await using ann = await place.connect();
  const ben = await place.connect();
  await place.put('connections', { connectionId: ghost, since: 1 });
  expect(await page()).toMatch(/^<h1>3 here<\/h1>.*window\.WS_URL = "wss?:/);
  ann.send('hello');
  const hello = { from: expect.any(String), text: 'hello' };
  expect([await ann.next(), await ben.next()]).toEqual(twice(hello));
  await expect.poll(ids, patience).toHaveLength(2);
  expect(await ids()).not.toContain(ghost);
  ben.cut();
  await expect.poll(async () => (await ids()).length, patience).toBe(1);
  expect(await page()).toContain('<h1>1 here</h1>');
}

async function useArcTables(place: Place): Promise<void> {
  const people = async () => (await place.items('connections')).map(({ name }) => String(name)).toSorted();
  const room = async (name: string): Promise<unknown> => (await fetch(`${place.pageUrl}/rooms/${name}`)).json();
  await using ann = await place.connect();
  const ben = await place.connect();
  expect(await ann.ask({ text: 'too early' })).toEqual({ type: 'error', text: 'Join a room first' });
  ann.send({ action: 'join', room: 'lobby', name: 'Ann' });
  expect(await ann.next()).toEqual({ type: 'joined', name: 'Ann' });
  ben.send({ action: 'join', room: 'lobby', name: 'Ben' });
  expect([await ann.next(), await ben.next()]).toEqual(twice({ type: 'joined', name: 'Ben' }));
  expect(await room('lobby')).toEqual({ count: 2, names: ['Ann', 'Ben'] });
  expect(await room('attic')).toEqual({ count: 0, names: [] });

  await place.put('connections', { id: ghost, room: 'lobby', name: 'Ghost' });
  expect(await people()).toEqual(['Ann', 'Ben', 'Ghost']);
  ben.send({ text: 'hello' });
  const line = { type: 'line', from: 'Ben', text: 'hello' };
  expect([await ann.next(), await ben.next()]).toEqual(twice(line));
  await expect.poll(people, patience).toEqual(['Ann', 'Ben']);
  ben.cut();
  await expect.poll(people, patience).toEqual(['Ann']);
  const inThreeHours = Date.now() / 1000 + 3 * 60 * 60;
  expect(Math.abs(Number((await place.items('connections'))[0]?.['expires']) - inThreeHours)).toBeLessThan(120);
}

async function useSdk3(place: Place): Promise<void> {
  const items = async () =>
    (await place.items('connections')).map(({ sk, topic }) => String(sk === ghost ? 'ghost' : topic)).toSorted();
  await using ann = await place.connect({ query: '?topic=news' });
  const ben = await place.connect();
  await place.put('connections', { pk: 'connections', sk: ghost });
  await expect.poll(items, patience).toEqual(['all', 'ghost', 'news']);
  ben.send('hello');
  expect([await ann.next(), await ben.next()]).toEqual(twice({ said: 'hello' }));
  await expect.poll(items, patience).toEqual(['all', 'news']);
  ben.cut();
  await expect.poll(items, patience).toEqual(['news']);
  const answer = await fetch(`${place.pageUrl}/announce`, { method: 'POST', body: 'Tea is ready' });
  expect(await answer.json()).toEqual({ reached: 1 });
  expect(await ann.next()).toEqual({ announcement: 'Tea is ready' });
}

async function useTypescript(place: Place): Promise<void> {
  const votes = async (): Promise<unknown> => (await fetch(`${place.pageUrl}/votes`)).json();
  const here = async () => (await place.items('connections')).length;
  await using ann = await place.connect();
  const ben = await place.connect();
  expect(await votes()).toEqual({ tea: 0, coffee: 0 });
  expect(await ann.ask({ action: 'vote', choice: 'water' })).toEqual({ error: 'no such choice: water' });
  expect(await ann.ask({ hello: 1 })).toEqual({ error: 'vote, please' });
  await place.put('connections', { id: ghost });
  ann.send({ action: 'vote', choice: 'tea' });
  expect([await ann.next(), await ben.next()]).toEqual(twice({ tally: { tea: 1, coffee: 0 } }));
  await expect.poll(here, patience).toBe(2);
  ben.cut();
  await expect.poll(here, patience).toBe(1);
  expect(await ann.ask({ action: 'vote', choice: 'coffee' })).toEqual({ tally: { tea: 1, coffee: 1 } });
  expect(await votes()).toEqual({ tea: 1, coffee: 1 });
}

async function useSessions(place: Place): Promise<void> {
  const people = async () => (await place.items('people')).map(({ account }) => account);
  const ann = openVisitor(place.pageUrl);
  expect(await ann.open('/')).toMatchObject({ path: '/login', status: 200 });
  expect(await place.refused({ headers: { Cookie: ann.cookie() } })).toBe(place.isSandbox ? 401 : 403);
  expect(await ann.post('/login', { account: 'Ann', password: 'opensesame' })).toMatchObject({ status: 403 });
  expect(await ann.submit('/login', { account: 'Ann', password: 'wrong' })).toMatchObject({ path: '/login?wrong=1' });
  const home = await ann.submit('/login', { account: 'Ann', password: 'opensesame' });
  expect(home).toMatchObject({ path: '/', status: 200, html: expect.stringContaining('Notes of Ann') });

  const [, script = ''] = /src="([^"]+)"/.exec(home.html) ?? [];
  expect(script).toMatch(place.isSandbox ? /^\/_static\/notes\.js$/ : /^\/_static\/notes-\w{10}\.js$/);
  const loaded = await fetch(place.pageUrl + script);
  expect([loaded.status, loaded.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
  expect(await loaded.text()).toContain('new WebSocket(window.WS_URL)');

  const headers = { Cookie: ann.cookie() };
  await using tab = await place.connect({ headers });
  const other = await place.connect({ headers });
  await place.put('people', { connectionId: ghost, account: 'Ann' });
  tab.send({ text: 'milk' });
  expect([await tab.next(), await other.next()]).toEqual(twice({ text: 'milk' }));
  await expect.poll(people, patience).toEqual(['Ann', 'Ann']);
  other.cut();
  await expect.poll(people, patience).toEqual(['Ann']);
  expect((await ann.open('/')).html).toContain('<li>milk</li>');
  expect(await ann.json('/notes')).toEqual({ notes: ['milk'] });
  expect(await ann.json('/notes')).toEqual({ read: 1, notes: ['milk'] });

  await ann.open('/');
  expect(await ann.submit('/logout')).toMatchObject({ path: '/login' });
  expect(await ann.open('/notes')).toMatchObject({ status: 401 });
}

async function useShared(place: Place): Promise<void> {
  const words = async () => (await place.items('words')).map(({ text }) => String(text)).toSorted();
  await using ann = await place.connect();
  const ben = await place.connect();
  expect(await ann.ask({ name: 'Ann', text: 'hi' })).toEqual({ greeting: 'Hello Ann', reply: 'HI!' });
  expect(await ben.ask({ name: 'Ben', text: '<b>' })).toEqual({ greeting: 'Hello Ben', reply: '<B>!' });
  const long = { name: 'Ann', text: 'x'.repeat(21) };
  expect(await ann.ask(long)).toEqual({ greeting: 'Hello Ann', reply: 'Not so long' });
  const posted = await fetch(`${place.pageUrl}/words`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'ho' }),
  });
  expect(await posted.json()).toEqual({ reply: 'HO!' });
  const page = await (await fetch(`${place.pageUrl}/`)).text();
  expect(page).toContain('<p>At most 20 letters</p>\n<ul><li>&lt;B>!</li><li>HI!</li><li>HO!</li></ul>');
  ben.cut();
  await expect.poll(words, patience).toEqual(['HI!', 'HO!']);
}

async function useSubprotocol(place: Place): Promise<void> {
  // The emulator answers none, so there the header is written by hand.
  const offer = (...protocols: readonly string[]) =>
    place.isSandbox ? { protocols } : { headers: { 'Sec-WebSocket-Protocol': protocols.join(', ') } };
  expect(await place.refused()).toBe(place.isSandbox ? 400 : 403);
  expect(await place.refused(offer('ticks.v1'))).toBe(place.isSandbox ? 400 : 403);
  await using ann = await place.connect(offer('ticks.v1', 'ticks.v2'));
  if (place.isSandbox) expect(ann.protocol).toBe('ticks.v2');
  ann.send({ action: 'subscribe', count: 2 });
  // The emulator does not tell when.
  const connectedAt = place.isSandbox ? expect.closeTo(Date.now(), -5) : null;
  expect(await take(ann, 3)).toEqual([
    { type: 'ack', routeKey: 'subscribe', connectedAt },
    { type: 'next', tick: 1 },
    { type: 'next', tick: 2 },
  ]);
  for (const action of ['unsubscribe', 'connect', '$default'])
    expect(await ann.ask({ action })).toEqual({
      type: 'error',
      text: `unknown action ${action}`,
      routeKey: '$default',
    });
  ann.send({ action: 'complete' });
  expect(await ann.closed).toBe(1000);
  const ben = await place.connect(offer('ticks.v2'));
  ben.send('no JSON');
  await ben.closed;
}

async function usePlugin(place: Place): Promise<void> {
  const json = async (path: string): Promise<unknown> => (await fetch(place.pageUrl + path)).json();
  const rooms = ['lobby', 'garden'];
  const doors = place.isSandbox ? 'testing: 2' : 'staging: 2';
  expect(await json('/health')).toEqual({ ok: true, rooms, doors });
  await using ann = await place.connect();
  const ben = await place.connect();
  expect(await ann.ask({ action: 'attic' })).toEqual({ rooms });
  expect(await ann.ask({ action: 'lobby' })).toEqual({ room: 'lobby', text: 'Welcome' });
  await place.put('guests', { id: ghost, room: 'lobby' });
  ben.send({ action: 'lobby', text: 'hello' });
  expect([await ann.next(), await ben.next()]).toEqual(twice({ room: 'lobby', text: 'hello' }));
  expect(await ann.ask({ action: 'garden', text: 'alone' })).toEqual({ room: 'garden', text: 'alone' });
  expect(await json('/rooms/lobby')).toEqual({ room: 'lobby', guests: 1 });
  expect(await json('/rooms/garden')).toEqual({ room: 'garden', guests: 1 });
  ben.cut();
  await expect.poll(() => json('/rooms/lobby'), patience).toEqual({ room: 'lobby', guests: 0 });
}

/** What two people get. */
const twice = <Message>(message: Message) => [message, message];

async function take(connection: Connection, count: number): Promise<readonly unknown[]> {
  const taken: unknown[] = [];
  while (taken.length < count) taken.push(await connection.next());
  return taken;
}
