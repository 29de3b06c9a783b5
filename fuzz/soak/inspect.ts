/** Loaded into the process of the sandbox before the command; tells its parent what is in use when it is asked. */
export interface Inside {
  /** In use after a garbage collection, buffers included. */
  readonly usedBytes: number;
  /** Timers, sockets, pipes, processes and what else keeps a process alive. */
  readonly handles: number;
}

process.on('message', () => {
  // The last resort also gives back to the system what it has freed.
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { heapUsed, external } = process.memoryUsage();
  const inside: Inside = { usedBytes: heapUsed + external, handles: process.getActiveResourcesInfo().length };
  process.send?.(inside);
});
// The command ends when it wants to.
process.channel?.unref();
