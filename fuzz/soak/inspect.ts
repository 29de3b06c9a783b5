import { collectGarbage } from '../support/collect-garbage.ts';

/** Loaded into the process of the sandbox before the command; tells its parent what is in use when it is asked. */
export interface Inside {
  /** Buffers included; at rest after a garbage collection, else as it is. */
  readonly usedBytes: number;
  /** Timers, sockets, pipes, processes and what else keeps a process alive. */
  readonly handles: number;
}

async function inspect(isAtRest: boolean): Promise<void> {
  if (isAtRest) await collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  const inside: Inside = { usedBytes: heapUsed + external, handles: process.getActiveResourcesInfo().length };
  process.send?.(inside);
}

process.on('message', (message) => void inspect(message === 'rest'));
// The command ends when it wants to.
process.channel?.unref();
