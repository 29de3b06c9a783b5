import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openArcSandbox, runArc } from '../support/arc.ts';
import { openBrowser } from '../support/browser.ts';
import { lintTemplates } from '../support/cfn-lint.ts';
import { openTemporaryFolder } from '../support/temporary-folder.ts';
import { appNames, copyApp } from './copy-app.ts';
import { appNameIn, inSandbox } from './place.ts';
import { uses } from './uses.ts';

const names = await appNames();

/** The test's own client of the tables signs with them, too. */
const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** An app in a sandbox, in a folder of its own. */
async function openApp(name: string, library?: string) {
  const folder = await copyApp(name, library);
  const sandbox = await openArcSandbox({ cwd: folder.path, env, flags: ['--strict'] });
  const place = inSandbox(await appNameIn(folder), sandbox);
  return {
    sandbox,
    place,
    /** What failed, and what handlers left undone. */
    failures: () => sandbox.lines().filter(({ type, failure }) => type === 'leftBehind' || failure !== undefined),
    async [Symbol.asyncDispose]() {
      place[Symbol.dispose]();
      await sandbox[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('in the sandbox', () => {
  test.for([
    ...names.map((name) => ({ name, library: undefined })),
    { name: 'arc-tables', library: 'architect-functions' },
    { name: 'arc-tables', library: 'architect-functions-5' },
    { name: 'arc-tables', library: 'architect-functions-7' },
    { name: 'sessions', library: 'architect-functions' },
  ])('$name works, with library $library', { timeout: 60_000 }, async ({ name, library }) => {
    await using app = await openApp(name, library);
    await uses[name]?.(app.place);
    // Somebody may be leaving just now.
    expect(await app.sandbox.stop()).toBe(0);
    expect(app.failures()).toEqual([]);
  });

  test(
    'sessions in Chromium: a person logs in, notes, comes back and logs out',
    { timeout: 60_000 },
    async (context) => {
      await using browser = await openBrowser(context);
      await using app = await openApp('sessions');
      const faults: string[] = [];
      const person = await browser.newContext();
      const page = await person.newPage();
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(app.sandbox.url);
      await page.fill('[name=account]', 'Ann');
      await page.fill('[name=password]', 'wrong');
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByText('Wrong name or password').waitFor();
      await page.fill('[name=account]', 'Ann');
      await page.fill('[name=password]', 'opensesame');
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.locator('body.open').waitFor();

      const tab = await person.newPage();
      await tab.goto(app.sandbox.url);
      await tab.locator('body.open').waitFor();
      await page.fill('[name=text]', 'milk');
      await page.press('[name=text]', 'Enter');
      for (const one of [page, tab]) await one.locator('#notes li', { hasText: 'milk' }).waitFor();
      await tab.close();
      await page.reload();
      expect(await page.locator('#notes li').allTextContents()).toEqual(['milk']);
      await page.locator('body.open').waitFor();
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
      await expect.poll(() => app.place.items('people')).toEqual([]);
      expect([faults, app.failures()]).toEqual([[], []]);
    },
  );
});

test('cfn-lint has nothing to say about the packages', { timeout: 120_000 }, async (context) => {
  await using templates = await openTemporaryFolder();
  for (const name of names) {
    await using folder = await copyApp(name);
    expect(await runArc(['package'], { cwd: folder.path })).toMatchObject({ exitCode: 0, errors: '' });
    await templates.write(`${name}.json`, await folder.read('.furrow/package/template.json'));
  }
  const files = names.map((name) => join(templates.path, `${name}.json`));
  expect(await lintTemplates(context, files)).toEqual({ isClean: true, output: '' });
});

test('arc init makes nothing in them, and arc doctor says this', { timeout: 120_000 }, async () => {
  const said: string[] = [];
  for (const name of names) {
    await using folder = await copyApp(name);
    const files = await folder.files();
    expect(await runArc(['init'], { cwd: folder.path })).toMatchObject({ exitCode: 0, errors: '' });
    const { exitCode, output, errors } = await runArc(['doctor'], { cwd: folder.path });
    expect(await folder.files()).toEqual(files);
    said.push(`${output}${errors}-> ${exitCode}\n`);
  }
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "Furrow 0.1  chatty, from app.arc

    Will run
      5 functions: ws connect default disconnect join, http get /rooms/:room
      1 table: connections
      static files of public

    Nothing to mend.
    -> 0

    Furrow 0.1  guestbook, from app.arc

    Will run
      4 functions: ws connect default disconnect, http get /
      1 table: connections
      static files of public

    Nothing to mend.
    -> 0

    Furrow 0.1  hotel, from app.arc

    Will run
      8 functions: ws connect default disconnect lobby garden, http get /rooms/lobby, http get /rooms/garden, http get /health
      1 table: guests
      static files of public

    Nothing to mend.
    -> 0

    Furrow 0.1  notices, from app.arc

    Will run
      4 functions: ws connect default disconnect, http post /announce
      1 table: connections
      static files of public

    Nothing to mend.
    -> 0

    Furrow 0.1  sesh, from app.arc

    Will run
      8 functions: ws connect default disconnect, http get /, http get /login, http post /login, http post /logout, http get /notes
      2 tables: people notes
      static files of public

    Nothing to mend.
    -> 0

    Furrow 0.1  shouting, from app.arc

    Will run
      5 functions: ws connect default disconnect, http get /, http post /words
      1 table: words
      static files of public

    Nothing to mend.
    -> 0

    Furrow 0.1  ticks, from app.arc

    Will run
      5 functions: ws connect default disconnect subscribe complete

    Nothing to mend.
    -> 0

    Furrow 0.1  polls, from app.arc

    Will run
      5 functions: ws connect default disconnect vote, http get /votes
      2 tables: votes connections
      static files of public

    Nothing to mend.
    -> 0
    "
  `);
});
