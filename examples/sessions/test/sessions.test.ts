import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { describe, expect, test } from 'vitest';
import { openArcSandbox } from '../../../test/support/arc.ts';
import { openBrowser } from '../../../test/support/browser.ts';
import { copyExample } from '../../../test/support/example.ts';
import { openVisitor } from './visitor.ts';

/** The example in a folder of its own. */
async function openSessions() {
  const folder = await copyExample('sessions');
  const sandbox = await openArcSandbox({ cwd: folder.path });
  return {
    sandbox,
    startAgain: () => openArcSandbox({ cwd: folder.path, port: new URL(sandbox.url).port }),
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** What a handshake with this cookie ends with: what the socket says, or the status that refused it. */
function greet(url: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const socket = new WebSocket(url, { headers });
  return new Promise((resolve, reject) => {
    socket.on('open', () => socket.send('Who am I?'));
    socket.on('message', (data: Buffer) => {
      resolve(JSON.parse(data.toString('utf8')).text);
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode);
      socket.terminate();
    });
    socket.on('error', reject);
  });
}

describe('the functions', () => {
  test('log in, count, open a socket, log out', { timeout: 60_000 }, async () => {
    await using app = await openSessions();
    const { url, webSocketUrl } = app.sandbox;
    const ann = openVisitor(url);
    expect(await ann.open('/')).toMatchObject({ path: '/login', status: 200 });
    expect(ann.setCookies).toEqual([]);

    const home = await ann.submit('/login', { name: '  Ann <b>  ' });
    expect(home).toMatchObject({ path: '/', status: 200 });
    expect(home.html).toContain('Hello <b id=name>Ann &lt;b&gt;</b>');
    expect(ann.setCookies).toEqual([
      expect.stringMatching(/^_idx=[\w.-]+; Max-Age=788400000; Path=\/; Expires=.* GMT; HttpOnly; SameSite=Lax$/),
    ]);

    expect((await ann.submit('/count')).html).toContain('<output id=count>1</output>');
    expect((await ann.submit('/count')).html).toContain('<output id=count>2</output>');

    expect(await ann.json('/socket')).toEqual({ url: new URL(webSocketUrl).pathname });
    expect(await greet(webSocketUrl, { Cookie: ann.cookie() })).toBe('You are Ann <b>');
    expect(await greet(webSocketUrl, { cookie: `other=1; ${ann.cookie()}; more=2` })).toBe('You are Ann <b>');
    expect(await greet(`${webSocketUrl}?ticket=${ann.cookie().slice('_idx='.length)}`, {})).toBe('You are Ann <b>');

    expect(await ann.submit('/logout')).toMatchObject({ path: '/login' });
    expect(await ann.open('/')).toMatchObject({ path: '/login' });
    expect(await greet(webSocketUrl, { Cookie: ann.cookie() })).toBe(401);
  });

  test.for([
    { why: 'no cookie', headers: {} },
    { why: 'a cookie of another app', headers: { Cookie: '_idx=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c' } },
  ])('no socket with $why', async ({ headers }) => {
    await using app = await openSessions();
    expect(await greet(app.sandbox.webSocketUrl, headers)).toBe(401);
  });

  test('a form without its token is refused, and changes nothing', async () => {
    await using app = await openSessions();
    const ann = openVisitor(app.sandbox.url);
    await ann.open('/login');
    await ann.submit('/login', { name: 'Ann' });
    expect(await ann.post('/count', { csrf: 'made.up.here' })).toMatchObject({ status: 403 });
    expect(await ann.post('/count', {})).toMatchObject({ status: 403 });
    expect((await ann.open('/')).html).toContain('<output id=count>0</output>');
  });

  test('a session is still there when the sandbox starts again', async () => {
    await using app = await openSessions();
    const ann = openVisitor(app.sandbox.url);
    await ann.open('/login');
    await ann.submit('/login', { name: 'Ann' });
    await app.sandbox.stop();
    await using again = await app.startAgain();
    expect(again.url).toBe(app.sandbox.url);
    expect((await ann.open('/')).html).toContain('>Ann</b>');
  });
});

const text = (page: Page, id: string) => page.locator(id).textContent();

describe('the page, in Chromium', () => {
  test('a person logs in, counts, comes back and logs out', { timeout: 60_000 }, async (context) => {
    await using browser = await openBrowser(context);
    await using app = await openSessions();
    const faults: string[] = [];
    const person = await browser.newContext();
    const page = await person.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(app.sandbox.url);
    expect(new URL(page.url()).pathname).toBe('/login');

    await page.fill('[name=name]', 'Ann');
    await page.press('[name=name]', 'Enter');
    await page.getByText('You are Ann').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    for (const count of ['1', '2', '3']) {
      await page.getByRole('button', { name: 'Count' }).click();
      await expect.poll(() => text(page, '#count')).toBe(count);
    }
    // Scripts cannot read the session.
    expect(await page.evaluate('document.cookie')).toBe('');

    const tab = await person.newPage();
    await tab.goto(app.sandbox.url);
    expect(await text(tab, '#count')).toBe('3');
    await tab.getByText('You are Ann').waitFor();

    const stranger = await browser.newPage();
    await stranger.goto(app.sandbox.url);
    expect(new URL(stranger.url()).pathname).toBe('/login');

    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Your name').waitFor();
    await tab.reload();
    expect(new URL(tab.url()).pathname).toBe('/login');
    expect(faults).toEqual([]);
  });
});
