import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openBrowser } from '../../../test/support/browser.ts';
import { openConnection } from '../../../test/support/connection.ts';
import { openApp, type AppOptions } from './open-app.ts';

const script = '<script src="/_arc/livereload.js" async></script>';
const patience = { timeout: 10_000 };

const page = (text: string) => `<!doctype html><html><head><link rel=icon href=data:,><link rel=stylesheet
href=/_static/site.css></head><body><h1>${text}</h1><script>window.ws = new WebSocket('ws://' + location.host + '/testing')
</script></body></html>`;
const answering = (result: string) => `exports.handler = async () => (${result})`;
const html = (body: string, more = '') =>
  answering(`{ statusCode: 200, headers: { 'content-type': 'text/html'${more} }, body: ${JSON.stringify(body)} }`);

const files = {
  'app.arc': '@app\ntestapp\n@ws\n@http\nget /\nget /piece\nget /packed\nget /text\n',
  'src/ws/default/index.js': answering('{ statusCode: 200 }'),
  'src/http/get-index/index.js': html(page('one')),
  'src/http/get-piece/index.js': html('<p>a piece'),
  'src/http/get-text/index.js': answering('{ statusCode: 200, body: "<html>" }'),
  'src/http/get-packed/index.js': answering(
    `{ statusCode: 200, headers: { 'content-type': 'text/html', 'content-encoding': 'gzip', 'x-own': 'a' }, isBase64Encoded: true,
      body: ${JSON.stringify(gzipSync('<html>packed').toString('base64'))} }`,
  ),
  'public/site.css': 'h1 { color: red }',
  'public/about.html': '<html><body>about</body></html>',
};

async function openLive(preferences: string, options: AppOptions = { isWatching: true }) {
  const app = await openApp({ ...files, 'preferences.arc': preferences }, options);
  await app.sandbox.watching;
  return app;
}

const on = '@sandbox\nlivereload true\n';

describe('pages that load themselves again', () => {
  test('have a script, and nothing else has', async () => {
    await using app = await openLive(on);
    const { url } = app.sandbox;
    const text = async (path: string) => (await fetch(url + path)).text();
    expect(await text('/')).toBe(page('one').replace('</body>', `${script}</body>`));
    expect(await text('/_static/about.html')).toBe(`<html><body>about${script}</body></html>`);
    expect(await text('/piece')).toBe('<p>a piece');
    expect(await text('/text')).toBe('<html>');
    expect(await text('/_static/site.css')).toBe(files['public/site.css']);
    const packed = await fetch(`${url}/packed`);
    expect([packed.headers.get('content-encoding'), packed.headers.get('x-own'), await packed.text()]).toEqual([
      null,
      'a',
      `<html>packed${script}`,
    ]);
    // What a script of the page asks for is what the function says.
    const asked = await fetch(url, { headers: { 'sec-fetch-dest': 'empty' } });
    expect(await asked.text()).toBe(page('one'));
    const ran = await fetch(`${url}/_arc/livereload.js`);
    expect(ran.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await fetch(`${url}/_arc/livereload`, { method: 'POST' })).status).toBe(403);
  });

  test.for([
    { why: 'by default', preferences: '@sandbox\npersist false\n', isWatching: true },
    { why: 'when it is switched off', preferences: '@sandbox\nlivereload false\n', isWatching: true },
    { why: 'where saved files are not followed', preferences: on, isWatching: false },
  ])('do not exist $why', async ({ preferences, isWatching }) => {
    await using app = await openLive(preferences, { isWatching });
    const { url } = app.sandbox;
    expect(await (await fetch(url)).text()).toBe(page('one'));
    expect(await (await fetch(`${url}/_static/about.html`)).text()).toBe(files['public/about.html']);
    const packed = await fetch(`${url}/packed`, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    for (const path of ['/_arc/livereload', '/_arc/livereload.js']) {
      // oxlint-disable-next-line no-await-in-loop
      expect((await fetch(url + path)).status).toBe(403);
    }
  });

  test(
    'do so when what they show has changed, and the sockets of the app stay',
    { timeout: 60_000 },
    async (context) => {
      await using browser = await openBrowser(context);
      await using app = await openLive(on);
      await using client = await openConnection(app.url);
      const tab = await browser.newPage();
      const sockets: string[] = [];
      const faults: string[] = [];
      tab.on('websocket', (socket) => sockets.push(new URL(socket.url()).pathname));
      tab.on('pageerror', (error) => faults.push(error.message));
      const isFollowing = tab.waitForResponse((response) => response.url().endsWith('/_arc/livereload'));
      await tab.goto(app.sandbox.url);
      await isFollowing;

      await app.save('src/http/get-index/index.js', html(page('two')));
      await tab.getByRole('heading', { name: 'two' }).waitFor();
      await app.save('public/site.css', 'h1 { color: rgb(0, 128, 0) }');
      await expect
        .poll(() => tab.evaluate(`getComputedStyle(document.querySelector('h1')).color`).catch(String), patience)
        .toBe('rgb(0, 128, 0)');

      expect(new Set(sockets)).toEqual(new Set(['/testing']));
      expect(client.isOpen).toBe(true);
      expect(faults).toEqual([]);
    },
  );

  test('do not for functions of sockets, and not for code that does not build', async () => {
    await using app = await openLive(on);
    const version = async () => (await fetch(`${app.sandbox.url}/_arc/livereload.js`)).text();
    const reports = () => app.events.flatMap((event) => (event.type === 'built' ? event.reports : []));
    const first = await version();
    await app.save('src/ws/default/index.js', answering('{ statusCode: 201 }'));
    await expect.poll(() => reports().map(({ functionName }) => functionName), patience).toContain('ws/default');
    await app.save('src/http/get-index/index.js', 'exports.handler = (');
    await expect.poll(() => reports().some(({ failure }) => failure !== undefined), patience).toBe(true);
    expect(await version()).toBe(first);
    await app.save('src/http/get-index/index.js', html(page('mended')));
    await expect.poll(version, patience).not.toBe(first);
  });

  test('wait for nothing when the sandbox ends', async () => {
    await using app = await openLive(on);
    const waiting = await fetch(`${app.sandbox.url}/_arc/livereload`);
    const startedAtMs = performance.now();
    await app.sandbox.close();
    expect(performance.now() - startedAtMs).toBeLessThan(4000);
    expect(await waiting.text()).toMatch(/^data: \d+-0\n\n$/);
  });
});
