import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

/** Where a handler's code waits for a test. */
export interface Gate {
  /** Code for a handler, which waits where the condition is true, once. */
  waitIf(condition: string): string;
  /** Resolves when a handler waits. */
  reached(): Promise<void>;
  /** Lets it go on, and keeps nobody any more. */
  open(): Promise<void>;
}

/** Files in a folder, which any process can see. */
export function createGate(folder: string): Gate {
  const reached = join(folder, 'gate-reached');
  const opened = join(folder, 'gate-opened');
  const [reachedText, openedText] = [JSON.stringify(reached), JSON.stringify(opened)];
  return {
    waitIf: (condition) => `
  if (${condition}) {
    let { existsSync, writeFileSync } = await import('node:fs')
    if (!existsSync(${openedText})) writeFileSync(${reachedText}, '')
    while (!existsSync(${openedText})) await new Promise((resolve) => setTimeout(resolve, 20))
  }
`,
    async reached() {
      await expect.poll(() => existsSync(reached), { timeout: 10_000 }).toBe(true);
    },
    open: () => writeFile(opened, ''),
  };
}
