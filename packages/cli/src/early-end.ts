import type { RunningPlugin } from '@furrow/manifest';
import type { UserError } from '@furrow/protocol';
import { errors } from './errors.ts';

/** Node's exit code for a program that waits, and has nothing left that it could wait for. */
const nothingLeft = 13;

/** What to say of a process that ends in the middle of a command; nothing of a failure that is said already. Pure. */
export function earlyEnd(exitCode: number, running: readonly RunningPlugin[]): UserError | undefined {
  const plugin = running.at(-1);
  if (plugin === undefined) return exitCode === 0 ? errors.processEnded() : undefined;
  if (exitCode === nothingLeft) return plugin.refuse('never ends: it waits, and nothing is left to wait for');
  return plugin.refuse(`ended the process with exit code ${exitCode}, before the command had ended`);
}
