import { symlink } from 'node:fs/promises';
import { DynamoDBClient, ListTablesCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openArcSandbox } from '../../../test/support/arc.ts';
import { openBrowser } from '../../../test/support/browser.ts';
import { openConnection, refusedStatus } from '../../../test/support/connection.ts';
import { copyExample } from '../../../test/support/example.ts';
import { pythonMissing, venv } from '../../../test/support/python.ts';

const missing = pythonMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
const patience = { timeout: 10_000 };

/** The example in a folder of its own, with the Python of the tests as its virtual environment. */
async function openPoll() {
  const folder = await copyExample('python');
  await symlink(venv, `${folder.path}/.venv`);
  const sandbox = await openArcSandbox({ cwd: folder.path });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint: sandbox.url, region: 'us-west-2', credentials });
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => name.includes('Connections')) ?? '';
  return {
    sandbox,
    /** The ids of the connections that the app keeps. */
    kept: async () => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return Items.map(({ id }) => id?.S);
    },
    keep: (id: string) => client.send(new PutItemCommand({ TableName, Item: { id: { S: id } } })),
    failures: () => sandbox.lines().flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
    startAgain: () => openArcSandbox({ cwd: folder.path, port: new URL(sandbox.url).port }),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await sandbox[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const counts = (soup: number, curry: number, noodles: number) => ({
  type: 'counts',
  counts: { soup, curry, noodles },
});

describe.skipIf(missing !== undefined)(`the functions${reason}`, () => {
  test('a vote is counted once for each voter, and everybody is told', { timeout: 60_000 }, async () => {
    await using poll = await openPoll();
    await using ann = await openConnection(poll.sandbox.webSocketUrl);
    const ben = await openConnection(poll.sandbox.webSocketUrl);
    expect(await ann.ask({})).toEqual(counts(0, 0, 0));

    ben.send({ action: 'vote', voter: 'ben', choice: 'soup' });
    await expect.poll(() => ann.messages.at(-1), patience).toEqual(counts(1, 0, 0));
    ann.send({ action: 'vote', voter: 'ann', choice: 'soup' });
    await expect.poll(() => ben.messages.at(-1), patience).toEqual(counts(2, 0, 0));
    for (const nothing of [{ choice: 'stones' }, { choice: 'soup', voter: 7 }, { choice: 'soup', voter: '' }]) {
      ben.send({ action: 'vote', voter: 'eve', ...nothing });
    }
    ben.send({ action: 'vote', voter: 'ben', choice: 'curry' });
    await expect.poll(() => ann.messages.at(-1), patience).toEqual(counts(1, 1, 0));
    expect(poll.failures()).toEqual([]);

    expect(await poll.kept()).toHaveLength(2);
    await ben.close();
    await expect.poll(poll.kept, patience).toHaveLength(1);
  });

  test('a connection that has gone without a word is forgotten by the next vote', { timeout: 60_000 }, async () => {
    await using poll = await openPoll();
    await using ann = await openConnection(poll.sandbox.webSocketUrl);
    await poll.keep('AAAAAAAAAAAAAAA=');
    expect(await poll.kept()).toHaveLength(2);
    ann.send({ action: 'vote', voter: 'ann', choice: 'noodles' });
    await expect.poll(() => ann.messages, patience).toEqual([counts(0, 0, 1)]);
    await expect.poll(poll.kept, patience).toHaveLength(1);
    expect(poll.failures()).toEqual([]);
  });

  test('a page of another site is refused', { timeout: 60_000 }, async () => {
    await using poll = await openPoll();
    const { webSocketUrl, url } = poll.sandbox;
    expect(await refusedStatus(webSocketUrl, { origin: 'https://elsewhere.example' })).toBe(403);
    await using own = await openConnection(webSocketUrl, { origin: url });
    expect(own.isOpen).toBe(true);
  });
});

const shown = (page: Page) => page.locator('#choices button').allTextContents();

describe.skipIf(missing !== undefined)(`the page, in Chromium${reason}`, () => {
  test('people vote, change their minds, and see each other do so', { timeout: 90_000 }, async (context) => {
    await using browser = await openBrowser(context);
    await using poll = await openPoll();
    const faults: string[] = [];
    const openTab = async () => {
      // A context is another browser: it has a vote of its own.
      const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(poll.sandbox.url);
      await page.getByText(/^\d+ votes?$/).waitFor();
      return page;
    };
    const ann = await openTab();
    const ben = await openTab();
    await ann.getByRole('button', { name: 'Soup' }).click();
    await ben.getByRole('button', { name: 'Noodles' }).click();
    for (const page of [ann, ben]) {
      await page.getByText('2 votes').waitFor();
      await expect.poll(() => shown(page), patience).toEqual(['Soup 1', 'Curry 0', 'Noodles 1']);
    }
    await ben.getByRole('button', { name: 'Soup' }).click();
    await expect.poll(() => shown(ann), patience).toEqual(['Soup 2', 'Curry 0', 'Noodles 0']);
    expect(await ann.getByRole('button', { pressed: true }).allTextContents()).toEqual(['Soup 2']);

    // Whoever loads the page again has the same vote.
    await ben.reload();
    await ben.getByRole('button', { name: 'Curry' }).click();
    await expect.poll(() => shown(ann), patience).toEqual(['Soup 1', 'Curry 1', 'Noodles 0']);
    expect(await ann.evaluate('document.documentElement.scrollWidth')).toBe(360);

    await poll.sandbox.stop();
    await ann.getByText('Closed, trying again in').waitFor();
    expect(await ann.getByRole('button', { name: 'Soup' }).isDisabled()).toBe(true);
    await using again = await poll.startAgain();
    // The tables of the sandbox are in memory.
    await ann.getByText('0 votes').waitFor();
    expect(again.url).toBe(poll.sandbox.url);
    expect(faults).toEqual([]);
  });
});
