import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openArcSandbox } from '../../../test/support/arc.ts';
import { openBrowser } from '../../../test/support/browser.ts';
import { ensureBuilt, repository } from '../../../test/support/built.ts';
import { openConnection } from '../../../test/support/connection.ts';
import { copyExample } from '../../../test/support/example.ts';
import { createGate } from '../../../test/support/gate.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const patience = { timeout: 10_000 };

test('a hand goes up once, goes over to another drink, and goes with its page', async () => {
  await using folder = await copyExample('typescript');
  await using sandbox = await openArcSandbox({ cwd: folder.path });
  await using ann = await openConnection(sandbox.webSocketUrl);
  const ben = await openConnection(sandbox.webSocketUrl);
  const hands = () => (ann.messages.at(-1) as { readonly hands?: unknown } | undefined)?.hands;
  ann.send({});
  await expect.poll(hands, patience).toEqual({ tea: 0, coffee: 0, water: 0 });
  for (const drink of ['tea', 'beer', 7, undefined, 'toString']) ben.send({ action: 'vote', drink });
  ann.send({ action: 'vote', drink: 'tea' });
  await expect.poll(hands, patience).toEqual({ tea: 2, coffee: 0, water: 0 });
  ann.send({ action: 'vote', drink: 'water' });
  await expect.poll(hands, patience).toEqual({ tea: 1, coffee: 0, water: 1 });
  await ben.close();
  await expect.poll(hands, patience).toEqual({ tea: 0, coffee: 0, water: 1 });
  expect(sandbox.lines().filter(({ failure }) => failure !== undefined)).toEqual([]);
});

test('a count that arrives after a newer one is not the last', async () => {
  await using folder = await copyExample('typescript');
  await using other = await openTemporaryFolder();
  const gate = createGate(other.path);
  const read = 'connections.scanAll({ ConsistentRead: true })';
  const slowly = `let found = await ${read}${gate.waitIf('found.length === 1')}  return found`;
  await folder.change('src/shared/hands.ts', `return ${read}`, slowly);
  await using sandbox = await openArcSandbox({ cwd: folder.path });
  await using ann = await openConnection(sandbox.webSocketUrl);
  await using ben = await openConnection(sandbox.webSocketUrl);
  const teas = () => ann.messages.map((message) => Object(Object(message)['hands'])['tea']);
  ann.send({ action: 'vote', drink: 'tea' });
  await gate.reached();
  ben.send({ action: 'vote', drink: 'tea' });
  await expect.poll(teas, patience).toEqual([2]);
  await gate.open();
  await expect.poll(teas, patience).toEqual([2, 1, 2]);
});

test('its types are right, and a wrong one is noticed', { timeout: 120_000 }, async () => {
  await ensureBuilt();
  await using folder = await copyExample('typescript');
  const modules = join(folder.path, 'node_modules');
  await mkdir(join(modules, '@furrow'), { recursive: true });
  await symlink(join(repository, 'packages', 'functions'), join(modules, '@furrow', 'functions'));
  await symlink(join(repository, 'node_modules', '@types'), join(modules, '@types'));
  const tsc = join(repository, 'node_modules', '.bin', 'tsc');
  const check = () => promisify(execFile)(process.execPath, [tsc], { cwd: folder.path });
  await expect(check()).resolves.toMatchObject({ stdout: '' });
  const hands = await folder.read('src/shared/hands.ts');
  await folder.write('src/shared/hands.ts', hands.replace('put({ id, drink,', 'put({ id, drnk: drink,'));
  await expect(check()).rejects.toMatchObject({ stdout: expect.stringContaining('src/shared/hands.ts') });
});

const tea = (page: Page) => page.getByRole('button', { name: 'tea' });
const teas = (page: Page) => tea(page).locator('output').textContent();

test('two people vote in Chromium, and one goes', { timeout: 60_000 }, async (context) => {
  await using browser = await openBrowser(context);
  await using folder = await copyExample('typescript');
  await using sandbox = await openArcSandbox({ cwd: folder.path });
  const faults: string[] = [];
  const openPage = async () => {
    const page = await browser.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(sandbox.url);
    return page;
  };
  const ann = await openPage();
  const ben = await openPage();
  await tea(ann).click();
  await tea(ben).click();
  for (const page of [ann, ben]) await expect.poll(() => teas(page), patience).toBe('2');
  expect(await tea(ann).getAttribute('aria-pressed')).toBe('true');
  await ben.close();
  await expect.poll(() => teas(ann), patience).toBe('1');
  expect(faults).toEqual([]);
});
