import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { codeOfGuide } from './guide.ts';
import { joinHandler, openClientApp, type ClientApp } from './client-app.ts';

let app: ClientApp;
let browser: Browser | undefined;
let tab: Page | undefined;
beforeAll(async () => {
  const leave = `const arc = require('@architect/functions')
    exports.handler = async ({ requestContext }) => {
      await arc.ws.close({ id: requestContext.connectionId })
      return { statusCode: 200 }
    }`;
  app = await openClientApp({ handlers: { join: joinHandler, leave } });
});
afterAll(async () => {
  await browser?.close();
  await app[Symbol.asyncDispose]();
});

/** What a page writes down of its web socket, and a text that hardly gets shorter by compression. */
const record = `
globalThis.noise = (length) =>
  String.fromCharCode(...Array.from({ length }, () => 32 + Math.floor(Math.random() * 95)));
globalThis.record = (url, protocols) => {
  const log = [];
  const socket = new WebSocket(url, protocols);
  socket.onopen = () => log.push({ opened: socket.protocol });
  socket.onmessage = ({ data }) => log.push({ message: data });
  socket.onerror = () => log.push('error');
  socket.onclose = ({ code, reason, wasClean }) => log.push({ code, reason, wasClean });
  Object.assign(globalThis, { socket, log });
}`;

/** A page of the app itself, in one tab for all tests; what was there before has been left. */
async function openPage(context: TestContext, origin = app.sandbox.url): Promise<Page> {
  browser ??= await openBrowser(context, ['--ignore-certificate-errors']);
  if (tab === undefined) {
    tab = await browser.newPage();
    await tab.addInitScript(record);
  }
  await tab.goto(origin);
  return tab;
}

/** Waits until this, and no more, has happened to the web socket of the page. */
async function happened(page: Page, ...log: readonly unknown[]): Promise<void> {
  await expect.poll(() => page.evaluate('log')).toEqual(log);
}

async function connect(page: Page, url: string, ...protocols: readonly string[]): Promise<void> {
  await page.evaluate(`record(${JSON.stringify(url)}, ${JSON.stringify(protocols)})`);
}

test.for([
  { from: 'http', to: 'ws' },
  { from: 'http', to: 'wss' },
  { from: 'https', to: 'wss' },
])('a page of $from, $to: messages, a route, a code and a reason', async ({ from, to }, context) => {
  const page = await openPage(context, `${from}://${app.host}`);
  const query = `page=${from}-${to}`;
  await connect(page, `${to}://${app.host}/testing?${query}`);
  await happened(page, { opened: '' });
  await page.evaluate(`socket.send('häuser 🏠')`);
  const messages = [{ message: 'häuser 🏠' }, { message: '{"joined":"Ann"}' }];
  await happened(page, { opened: '' }, messages[0]);
  await page.evaluate(`socket.send('{"action":"join","name":"Ann"}')`);
  await happened(page, { opened: '' }, ...messages);
  await page.evaluate(`socket.close(4001, 'bye')`);
  await happened(page, { opened: '' }, ...messages, { code: 4001, reason: 'bye', wasClean: true });
  expect(await app.disconnected(await app.connectionOf(query))).toEqual({ code: 4001, reason: 'bye' });
});

test.for([
  { what: 'the handler closes', send: `'{"action":"leave"}'`, code: 1000, reason: 'Connection Closed Normally' },
  { what: 'a binary frame', send: 'new Uint8Array(3)', code: 1003, reason: expect.any(String) as string },
  { what: 'a frame over 32 KB', send: 'noise(60_000)', code: 1009, reason: expect.any(String) as string },
])('$what → $code', async ({ send, code, reason }, context) => {
  const page = await openPage(context);
  await connect(page, app.webSocketUrl);
  await happened(page, { opened: '' });
  await page.evaluate(`socket.send(${send})`);
  await happened(page, { opened: '' }, { code, reason, wasClean: true });
});

test('the subprotocol is what connect has chosen', async (context) => {
  const page = await openPage(context);
  await connect(page, app.webSocketUrl, 'chat', 'other');
  await happened(page, { opened: 'chat' });
});

test.for([
  { what: 'refused with 403', query: 'status=403', protocols: [] },
  { what: 'refused with 502', query: 'status=x', protocols: [] },
  { what: 'no subprotocol of those offered', query: 'protocol=', protocols: ['chat'] },
])('$what → error, then 1006', async ({ query, protocols }, context) => {
  const page = await openPage(context);
  await connect(page, `${app.webSocketUrl}?${query}`, ...protocols);
  await happened(page, 'error', { code: 1006, reason: '', wasClean: false });
});

test('A25 a page that is left → 1001', async (context) => {
  const page = await openPage(context);
  await connect(page, `${app.webSocketUrl}?page=left`);
  await happened(page, { opened: '' });
  await page.goto('about:blank');
  expect(await app.disconnected(await app.connectionOf('page=left'))).toEqual({ code: 1001, reason: '' });
});

test('permessage-deflate: what it compresses is understood, and so is what it is sent', async (context) => {
  const page = await openPage(context);
  await connect(page, app.webSocketUrl);
  await happened(page, { opened: '' });
  expect(await page.evaluate('socket.extensions')).toBe('permessage-deflate');
  // Twice, because the second may look back at the first.
  const long = 'häuser 🏠 '.repeat(2000);
  await page.evaluate(`socket.send('häuser 🏠 '.repeat(2000))`);
  await happened(page, { opened: '' }, { message: long });
  await page.evaluate(`socket.send('häuser 🏠 '.repeat(2000))`);
  await happened(page, { opened: '' }, { message: long }, { message: long });
});

test('the guide', async (context) => {
  const page = await openPage(context);
  const lines: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  const code = codeOfGuide('javascript', 'new WebSocket');
  await page.addScriptTag({ content: code.replace('localhost:3333', app.host) });
  await expect.poll(() => lines).toEqual(['{"joined":"Ann"}']);
  await page.evaluate(`socket.close(4001, 'bye')`);
  await expect.poll(() => lines).toEqual(['{"joined":"Ann"}', '4001 bye']);
});
