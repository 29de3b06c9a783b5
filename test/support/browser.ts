import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import type { TestContext } from 'vitest';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Starts the machine's own Chromium. Where there is none the test is skipped, and the reason printed. */
export async function openBrowser(
  context: Pick<TestContext, 'skip'>,
  moreFlags: readonly string[] = [],
): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === undefined) {
    const reason = `no Chromium: CHROMIUM_PATH is not set, and ${names.join(', ')} are not on the PATH`;
    process.stderr.write(`skipped, ${reason}\n`);
    return context.skip(reason);
  }
  return chromium.launch({ executablePath, args: [...flags, ...moreFlags] });
}

async function findChromium(): Promise<string | undefined> {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const candidates = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = await Promise.all(candidates.map((file) => access(file).then(...([() => true, () => false] as const))));
  return candidates[found.indexOf(true)];
}
