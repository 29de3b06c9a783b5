import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { describe, expect, test } from 'vitest';
import { openArcSandbox } from '../../../test/support/arc.ts';
import { openBrowser } from '../../../test/support/browser.ts';
import { openConnection, refusedStatus } from '../../../test/support/connection.ts';
import { copyExample } from '../../../test/support/example.ts';
import { createGate } from '../../../test/support/gate.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { joinAs, patience } from './member.ts';
import { ghost, openRoomsTable } from './rooms-table.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);
const hourSeconds = 60 * 60;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The example in a folder of its own, with a route for the test which runs `disconnect` once more. */
async function openRooms(prepare?: (folder: TemporaryFolder) => Promise<void>) {
  const folder = await copyExample('rooms');
  await prepare?.(folder);
  const manifest = await folder.read('app.arc');
  await folder.write('app.arc', manifest.replace('get /\n', 'get /\nget /again/:id\n'));
  await folder.write(
    'src/http/get-again-000id/index.js',
    `let { handler } = require('../../ws/disconnect')
exports.handler = ({ pathParameters }) => handler({ requestContext: { connectionId: pathParameters.id } })`,
  );
  const sandbox = await openArcSandbox({ cwd: folder.path });
  const table = await openRoomsTable({ endpoint: sandbox.url, region: 'us-west-2', credentials });
  return {
    sandbox,
    table,
    /** How often `join` has run to its end, which is later than when its list arrives. */
    joins: () => sandbox.lines().filter(({ type, routeKey }) => type === 'message' && routeKey === 'join').length,
    disconnectAgain: async (id: string) => (await fetch(`${sandbox.url}/again/${encodeURIComponent(id)}`)).status,
    names: async () => (await table.all()).map(({ name }) => name).toSorted(),
    startAgain: () => openArcSandbox({ cwd: folder.path, port: new URL(sandbox.url).port }),
    async [Symbol.asyncDispose]() {
      table[Symbol.dispose]();
      await sandbox[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A client in a room. */
const openMember = async (url: string, room: string, name: string) => joinAs(await openConnection(url), room, name);

describe('the functions', () => {
  test('a room sees who is in it and what is said in it, and nothing of another', async () => {
    await using rooms = await openRooms();
    const { webSocketUrl } = rooms.sandbox;
    await using ann = await openMember(webSocketUrl, 'lobby', 'Ann');
    const ben = await openMember(webSocketUrl, 'lobby', 'Ben');
    await using eve = await openMember(webSocketUrl, 'garden', 'Eve');
    await expect.poll(ann.people, patience).toEqual(['Ann', 'Ben']);
    await expect.poll(ben.people, patience).toEqual(['Ann', 'Ben']);
    expect(eve.people()).toEqual(['Eve']);

    eve.send({ room: 'lobby', text: 'from another room' });
    for (const nothing of ['not JSON', '[]', '{"text":"no room"}', '{"room":"lobby"}', '{"room":"lobby","text":" "}']) {
      ben.send(nothing);
    }
    ben.send({ action: 'join', name: 'No room' });
    ben.send({ room: 'lobby', text: '  hello  ' });
    await expect.poll(ann.lines, patience).toEqual(['Ben: hello']);
    await expect.poll(ben.lines, patience).toEqual(['Ben: hello']);
    expect(eve.lines()).toEqual([]);
    expect(rooms.sandbox.lines().filter(({ failure }) => failure !== undefined)).toEqual([]);

    await ben.close();
    await expect.poll(ann.people, patience).toEqual(['Ann']);
    expect(await rooms.names()).toEqual(['Ann', 'Eve']);
  });

  test('a lost disconnect is noticed by the next line', async () => {
    await using rooms = await openRooms();
    await using ann = await openMember(rooms.sandbox.webSocketUrl, 'lobby', 'Ann');
    await expect.poll(rooms.joins, patience).toBe(1);
    await rooms.table.put(ghost(nowSeconds() + hourSeconds));
    expect(await rooms.names()).toEqual(['Ann', 'Ghost']);
    ann.send({ room: 'lobby', text: 'anyone?' });
    await expect.poll(rooms.names, patience).toEqual(['Ann']);
    // The line found it, and the right list follows.
    await expect.poll(ann.lists, patience).toBe(2);
    expect(ann.people()).toEqual(['Ann']);
    expect(ann.lines()).toEqual(['Ann: anyone?']);
  });

  test('a lost disconnect is noticed by the next join, of one who is there already too', async () => {
    await using rooms = await openRooms();
    await using ann = await openMember(rooms.sandbox.webSocketUrl, 'lobby', 'Ann');
    await expect.poll(rooms.joins, patience).toBe(1);
    await rooms.table.put(ghost(nowSeconds() + hourSeconds));
    ann.joinRoom();
    await expect.poll(rooms.names, patience).toEqual(['Ann']);
    // The first of the two lists that follow had the ghost in it.
    await expect.poll(ann.lists, patience).toBe(3);
    expect(ann.people()).toEqual(['Ann']);
  });

  test('an item whose time is over is nobody, though DynamoDB has it still', async () => {
    await using rooms = await openRooms();
    await rooms.table.put(ghost(nowSeconds() - 1));
    await using ann = await openMember(rooms.sandbox.webSocketUrl, 'lobby', 'Ann');
    expect(ann.messages).toEqual([expect.objectContaining({ type: 'people', people: ['Ann'] })]);
  });

  test('a list that arrives after a newer one is not the last', async () => {
    await using folder = await openTemporaryFolder();
    const gate = createGate(folder.path);
    await using rooms = await openRooms(({ change }) =>
      change('src/shared/connections.js', '  // DynamoDB may', `${gate.waitIf('Items.length === 1')}  // DynamoDB may`),
    );
    await using ann = await openConnection(rooms.sandbox.webSocketUrl);
    ann.send({ action: 'join', room: 'lobby', name: 'Ann' });
    await gate.reached();
    await using ben = await openMember(rooms.sandbox.webSocketUrl, 'lobby', 'Ben');
    const lists = () => ann.messages.map((message) => [Object(message)['people']].flat().join(' '));
    await expect.poll(lists, patience).toEqual(['Ann Ben']);
    await gate.open();
    // The older list goes to those who were there when it was read.
    await expect.poll(lists, patience).toEqual(['Ann Ben', 'Ann', 'Ann Ben']);
    expect(ben.people()).toEqual(['Ann', 'Ben']);
  });

  test('joining and disconnecting twice does what once does', async () => {
    await using rooms = await openRooms();
    await using ann = await openMember(rooms.sandbox.webSocketUrl, 'lobby', 'Ann');
    const ben = await openMember(rooms.sandbox.webSocketUrl, 'lobby', 'Ben');
    const before = await rooms.table.all();
    for (const { expires } of before) {
      expect(expires - nowSeconds()).toBeGreaterThan(2 * hourSeconds);
      expect(expires - nowSeconds()).toBeLessThan(2.25 * hourSeconds);
    }
    const lists = ben.lists();
    ben.joinRoom();
    await expect.poll(ben.lists, patience).toBeGreaterThan(lists);
    expect(await rooms.table.all()).toEqual(before);

    const id = before.find(({ name }) => name === 'Ben')?.id ?? '';
    await ben.close();
    await expect.poll(ann.people, patience).toEqual(['Ann']);
    expect(await rooms.disconnectAgain(id)).toBe(200);
    expect(await rooms.names()).toEqual(['Ann']);
    expect(ann.people()).toEqual(['Ann']);
  });

  test('who leaves while joining is not left behind', async () => {
    await using rooms = await openRooms();
    await using ann = await openMember(rooms.sandbox.webSocketUrl, 'lobby', 'Ann');
    for (let count = 0; count < 10; count += 1) {
      const socket = new WebSocket(rooms.sandbox.webSocketUrl);
      socket.on('open', () => {
        socket.send(JSON.stringify({ action: 'join', room: 'lobby', name: `Hasty ${count}` }));
        socket.terminate();
      });
    }
    const ended = () => rooms.sandbox.lines().filter(({ type }) => type === 'disconnect');
    await expect.poll(() => ended().length, patience).toBe(10);
    ann.joinRoom();
    await expect.poll(rooms.names, patience).toEqual(['Ann']);
    await expect.poll(ann.people, patience).toEqual(['Ann']);
  });

  test('a page of another site is refused', async () => {
    await using rooms = await openRooms();
    expect(await refusedStatus(rooms.sandbox.webSocketUrl, { origin: 'https://elsewhere.example' })).toBe(403);
  });
});

const say = async (page: Page, text: string) => {
  await page.fill('#text', text);
  await page.press('#text', 'Enter');
};
const people = (page: Page) => page.locator('#people li').allTextContents();

describe('the page, in Chromium', () => {
  test('people meet in a room, talk, and go; the room knows', { timeout: 60_000 }, async (context) => {
    await using browser = await openBrowser(context);
    await using rooms = await openRooms();
    const faults: string[] = [];
    const openTab = async (path: string, name: string) => {
      const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(rooms.sandbox.url + path);
      await page.getByText('You are in the room').waitFor();
      await page.fill('#name', name);
      await page.locator('#name').blur();
      return page;
    };
    const ann = await openTab('/', 'Ann');
    const ben = await openTab('/', 'Ben');
    await expect.poll(() => people(ann), patience).toEqual(['Ann', 'Ben']);
    await expect.poll(() => people(ben), patience).toEqual(['Ann', 'Ben']);

    // Text is text.
    const markup = '<img src=x><b>Good morning</b>';
    await say(ann, markup);
    for (const page of [ann, ben]) await page.locator('#lines p').getByText(markup, { exact: true }).waitFor();
    expect(await ben.locator('#lines b').allTextContents()).toEqual(['Ann']);

    // A disconnect that nobody told of: the next line finds it.
    await rooms.table.put(ghost(nowSeconds() + hourSeconds));
    const eve = await openTab('/?room=garden', 'Eve');
    await eve.fill('[name=room]', 'lobby');
    await eve.press('[name=room]', 'Enter');
    await expect.poll(() => people(ann), patience).toEqual(['Ann', 'Ben', 'Eve']);
    await expect.poll(() => people(eve), patience).toEqual(['Ann', 'Ben', 'Eve']);
    expect(await eve.textContent('h1')).toBe('lobby');
    expect(await rooms.names()).toEqual(['Ann', 'Ben', 'Eve']);

    await ben.close();
    await expect.poll(() => people(ann), patience).toEqual(['Ann', 'Eve']);
    // On a phone nothing sticks out.
    expect(await ann.evaluate('document.documentElement.scrollWidth')).toBe(360);

    // What is typed while the socket is closed goes out when it is open again.
    await rooms.sandbox.stop();
    await ann.getByText('Closed, trying again in').waitFor();
    expect(await people(ann)).toEqual([]);
    await say(ann, 'Typed while it was closed');
    await using again = await rooms.startAgain();
    await ann.locator('#lines p').getByText('Typed while it was closed').waitFor();
    expect(again.url).toBe(rooms.sandbox.url);
    expect(faults).toEqual([]);
  });
});
