import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openArcSandbox } from '../../../test/support/arc.ts';
import { openBrowser } from '../../../test/support/browser.ts';
import { openConnection, refusedStatus } from '../../../test/support/connection.ts';
import { copyExample } from '../../../test/support/example.ts';
import { createGate } from '../../../test/support/gate.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { joinAs, patience } from './member.ts';

/** The example in a folder of its own: who is here is kept in files there. */
async function openChat(prepare?: (folder: TemporaryFolder) => Promise<void>) {
  const folder = await copyExample('chat');
  await prepare?.(folder);
  const sandbox = await openArcSandbox({ cwd: folder.path });
  const store = join(folder.path, '.furrow', 'data', 'connections');
  return {
    sandbox,
    store,
    /** How often `join` has run to its end, which is later than when its list arrives. */
    joins: () => sandbox.lines().filter(({ type, routeKey }) => type === 'message' && routeKey === 'join').length,
    kept: () => readdir(store).catch(() => []),
    startAgain: () => openArcSandbox({ cwd: folder.path, port: new URL(sandbox.url).port }),
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A client that has joined. */
const openMember = async (url: string, name: unknown) => joinAs(await openConnection(url), name);

const status = (page: Page, text: string) => page.locator('#status').getByText(text).waitFor();
const people = (page: Page) => page.locator('#people li').allTextContents();
const say = async (page: Page, text: string) => {
  await page.fill('#text', text);
  await page.press('#text', 'Enter');
};

describe('the functions', () => {
  test('everyone sees who is here, and every line', async () => {
    await using chat = await openChat();
    const { webSocketUrl } = chat.sandbox;
    await using ann = await openMember(webSocketUrl, 'Ann');
    const ben = await openMember(webSocketUrl, 'Ben');
    await expect.poll(ann.people, patience).toEqual(['Ann', 'Ben']);
    await expect.poll(ben.people, patience).toEqual(['Ann', 'Ben']);

    ben.send({ text: '  hello  ' });
    const line = { type: 'line', from: 'Ben', text: 'hello', at: expect.any(Number) };
    await expect.poll(() => ann.last('line'), patience).toEqual(line);
    await expect.poll(() => ben.last('line'), patience).toEqual(line);

    ben.send({ action: 'join', name: 'Benjamin' });
    await expect.poll(ann.people, patience).toEqual(['Ann', 'Benjamin']);

    await ben.close();
    await expect.poll(ann.people, patience).toEqual(['Ann']);
    expect(await chat.kept()).toHaveLength(1);
  });

  test.for([
    { why: 'no name', name: undefined, becomes: 'Someone' },
    { why: 'only spaces', name: '   ', becomes: 'Someone' },
    { why: 'not a text', name: { toString: 'x' }, becomes: 'Someone' },
    { why: 'spaces and lines', name: ' Ann \n  of  Green Gables ', becomes: 'Ann of Green Gables' },
    { why: 'too long', name: 'x'.repeat(500), becomes: 'x'.repeat(24) },
  ])('a name with $why', async ({ name, becomes }) => {
    await using chat = await openChat();
    await using someone = await openMember(chat.sandbox.webSocketUrl, name);
    await expect.poll(someone.people, patience).toEqual([becomes]);
  });

  test('what is no line, and lines of those who have not joined, are not passed on', async () => {
    await using chat = await openChat();
    await using ann = await openMember(chat.sandbox.webSocketUrl, 'Ann');
    await using stranger = await openConnection(chat.sandbox.webSocketUrl);
    stranger.send({ text: 'from a stranger' });
    for (const nothing of ['not JSON', '[]', '{"text":7}', '{"text":"   "}']) ann.send(nothing);
    const messages = () =>
      chat.sandbox.lines().filter((one) => one.type === 'message' && one['routeKey'] === '$default');
    await expect.poll(() => messages().length, patience).toBe(5);
    expect(messages().filter((one) => one['failure'] !== undefined)).toEqual([]);
    expect([ann.last('line'), stranger.messages]).toEqual([undefined, []]);
  });

  test('a record whose connection is gone is forgotten, and the list is right', async () => {
    await using chat = await openChat();
    await using ann = await openMember(chat.sandbox.webSocketUrl, 'Ann');
    // As a sandbox leaves it that was ended without warning.
    const id = 'AAAAAAAAAAAAAAA=';
    const file = `${Buffer.from(id).toString('hex')}.json`;
    await writeFile(join(chat.store, file), JSON.stringify({ id, name: 'Ghost', joinedAt: 1 }));
    await using ben = await openMember(chat.sandbox.webSocketUrl, 'Ben');
    await expect.poll(ann.people, patience).toEqual(['Ann', 'Ben']);
    await expect.poll(ben.people, patience).toEqual(['Ann', 'Ben']);
    expect(await chat.kept()).not.toContain(file);
  });

  test('a line that finds someone gone is followed by the right list', async () => {
    await using chat = await openChat();
    await using ann = await openMember(chat.sandbox.webSocketUrl, 'Ann');
    await expect.poll(chat.joins, patience).toBe(1);
    const lists = () => ann.messages.filter((message) => Object(message)['type'] === 'people').length;
    const before = lists();
    const id = 'AAAAAAAAAAAAAAA=';
    await writeFile(
      join(chat.store, `${Buffer.from(id).toString('hex')}.json`),
      JSON.stringify({ id, name: 'Ghost', joinedAt: 1 }),
    );
    ann.send({ text: 'anyone?' });
    await expect.poll(lists, patience).toBe(before + 1);
    expect(ann.people()).toEqual(['Ann']);
  });

  test('a list that arrives after a newer one is not the last', async () => {
    await using folder = await openTemporaryFolder();
    const gate = createGate(folder.path);
    await using chat = await openChat(({ change }) =>
      change(
        'src/shared/connections-files.js',
        '  return found.sort',
        `${gate.waitIf('found.length === 1')}  return found.sort`,
      ),
    );
    await using ann = await openMember(chat.sandbox.webSocketUrl, 'Ann');
    await gate.reached();
    await using ben = await openMember(chat.sandbox.webSocketUrl, 'Ben');
    const lists = () => ben.messages.flatMap((message) => Object(message)['people'] ?? []).join(' ');
    await expect.poll(lists, patience).toBe('Ann Ben');
    await gate.open();
    await expect.poll(lists, patience).toBe('Ann Ben Ann Ann Ben');
    await expect.poll(ann.people, patience).toEqual(['Ann', 'Ben']);
  });

  test('who reads too slowly keeps nobody else from being told', async () => {
    await using chat = await openChat(async (folder) => {
      const slow = `Object.assign(new Error('Client side buffer is full'), { name: 'LimitExceededException' })`;
      const refusal = `if ((await connections.find(id))?.name === 'Slow') throw ${slow}`;
      await folder.change('src/shared/broadcast.js', '    await arc.ws.send', `    ${refusal}\n    await arc.ws.send`);
    });
    await using slow = await openMember(chat.sandbox.webSocketUrl, 'Slow');
    await using ann = await openMember(chat.sandbox.webSocketUrl, 'Ann');
    await expect.poll(ann.people, patience).toEqual(['Slow', 'Ann']);
    ann.send({ text: 'hello' });
    await expect.poll(() => ann.last('line'), patience).toMatchObject({ text: 'hello' });
    expect([slow.last('line'), await chat.kept()]).toEqual([undefined, [expect.any(String), expect.any(String)]]);
    expect(chat.sandbox.lines().filter(({ failure }) => failure !== undefined)).toEqual([]);
  });

  test('a page of another site is refused', async () => {
    await using chat = await openChat();
    expect(await refusedStatus(chat.sandbox.webSocketUrl, { origin: 'https://elsewhere.example' })).toBe(403);
  });

  test('many at once: each line reaches everyone once', async () => {
    await using chat = await openChat();
    const members = await Promise.all(
      Array.from({ length: 12 }, (_none, index) => openMember(chat.sandbox.webSocketUrl, `Member ${index}`)),
    );
    for (const member of members) await expect.poll(() => [member.people()].flat().length, patience).toBe(12);
    const texts = members.map((_member, index) => `line ${index}`);
    members.forEach((member, index) => member.send({ text: texts[index] }));
    for (const { messages } of members) {
      const lines = () => messages.flatMap((message) => /"text":"(.+?)"/.exec(JSON.stringify(message))?.[1] ?? []);
      await expect.poll(() => lines().toSorted(), patience).toEqual(texts.toSorted());
    }
  });
});

describe('the page, in Chromium', () => {
  test('two tabs talk, one goes, and the socket comes back by itself', async (context) => {
    await using browser = await openBrowser(context);
    await using chat = await openChat();
    const faults: string[] = [];
    const openTab = async (name: string) => {
      const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('dialog', (dialog) => void faults.push(dialog.message()));
      await page.goto(chat.sandbox.url);
      await status(page, 'The socket is open');
      await page.fill('#name', name);
      await page.locator('#name').blur();
      return page;
    };
    const ann = await openTab('Ann');
    const ben = await openTab('Ben');
    await expect.poll(() => people(ann), patience).toEqual(['Ann', 'Ben']);
    await expect.poll(() => people(ben), patience).toEqual(['Ann', 'Ben']);

    await say(ann, 'Good morning');
    for (const page of [ann, ben]) {
      const line = page.locator('#lines li', { hasText: 'Good morning' });
      await line.waitFor();
      expect(await line.locator('b').textContent()).toBe('Ann');
    }
    expect(await ann.inputValue('#text')).toBe('');

    // Text is text.
    const markup = `<img src=x onerror="alert('run')"><b>bold</b>`;
    await say(ben, markup);
    for (const page of [ann, ben]) {
      await page.locator('#lines li p').getByText(markup, { exact: true }).waitFor();
      expect(await page.locator('#lines img, #lines p b').count()).toBe(0);
    }
    await ben.fill('#name', '<i>Ben</i>');
    await ben.locator('#name').blur();
    await expect.poll(() => people(ann), patience).toEqual(['Ann', '<i>Ben</i>']);

    // On a phone nothing sticks out.
    expect(await ann.evaluate('document.documentElement.scrollWidth')).toBe(360);

    await ben.close();
    await expect.poll(() => people(ann), patience).toEqual(['Ann']);

    // What is typed while the socket is closed goes out when it is open again.
    await chat.sandbox.stop();
    await status(ann, 'Closed, trying again in');
    expect(await people(ann)).toEqual([]);
    await say(ann, 'Typed while it was closed');
    await using again = await chat.startAgain();
    await status(ann, 'The socket is open');
    await ann.locator('#lines li', { hasText: 'Typed while it was closed' }).waitFor();
    expect(await people(ann)).toEqual(['Ann']);
    expect(again.url).toBe(chat.sandbox.url);
    expect(faults).toEqual([]);
  });
});
