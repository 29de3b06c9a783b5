import type { UserError } from '@furrow/protocol';
import { pluginErrors } from './errors.ts';

/** A file or a hook of a plugin whose code runs now. */
export interface RunningPlugin {
  /** The error of one that ends what it must not end. */
  refuse(why: string): UserError;
}

// Of the process, as what it is for: code of plugins runs in it, and may end it.
const running = new Set<RunningPlugin>();

/** Those that have begun and not ended, the last one last. */
export function runningPlugins(): readonly RunningPlugin[] {
  return [...running];
}

/** Counts code of a plugin among what runs, until the function is called that it gives. */
export function beginPlugin(is: { readonly plugin: string; readonly hook: string; readonly file: string }): () => void {
  const one: RunningPlugin = { refuse: (why) => pluginErrors.pluginHook(is, why) };
  running.add(one);
  return () => void running.delete(one);
}
