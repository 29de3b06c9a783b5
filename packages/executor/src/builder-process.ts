import { stop, transform } from 'esbuild';
import { collectGarbage } from './collect-garbage.ts';

/** A few functions need no more than what is saved would. */
const manyBuilds = 5;
const restMs = 1000;

let running = 0;
let builds = 0;
let renewal: NodeJS.Timeout | undefined;

/**
 * Every build runs in here.
 *
 * esbuild works in a process of its own, which keeps all the memory that it has ever needed: 175 MB after an app of twenty
 * functions. When many have been built another one takes its place, which needs ten, and is warm before a file is saved. Then
 * what they have left in this process goes too.
 */
export async function inBuilder<Result>(work: () => Promise<Result>): Promise<Result> {
  clearTimeout(renewal);
  running += 1;
  builds += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    if (running === 0 && builds >= manyBuilds) renewal = setTimeout(() => void renew(), restMs).unref();
  }
}

async function renew(): Promise<void> {
  if (running > 0) return;
  builds = 0;
  await stop();
  await transform('');
  collectGarbage();
}
