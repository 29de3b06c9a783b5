import { stat } from 'node:fs/promises';
import type { SavedFile } from './plugins.ts';

/** Saves that come together, as editors and git make them, are one change. */
const quietMs = 20;
/** A file is emptied first and written then; on a busy machine so much may lie between. */
const longestWriteMs = 200;

export interface Saves {
  /** @param file an absolute path. */
  add(file: string, event: SavedFile['event']): void;
  /** What has not been told yet is told no more. */
  stop(): void;
}

/** Tells of saved files when no more come, and none of them is in the middle of being written. */
export function gatherSaves(onSaved: (files: readonly SavedFile[]) => void): Saves {
  const gathered = new Map<string, SavedFile['event']>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function wait(): void {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void tell(), quietMs);
  }

  async function tell(): Promise<void> {
    const written = await Promise.all([...gathered.keys()].map(isBeingWritten));
    if (written.includes(true)) {
      wait();
      return;
    }
    if (isStopped || gathered.size === 0) return;
    const files = [...gathered].map(([file, event]) => ({ file, event }));
    gathered.clear();
    onSaved(files);
  }

  return {
    add(file, event) {
      // What is new may be written in two steps.
      const isNew = event === 'update' && gathered.get(file) === 'add';
      gathered.set(file, isNew ? 'add' : event);
      wait();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Whether a file is empty and has just become it. */
async function isBeingWritten(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true && found.size === 0 && Date.now() - found.mtimeMs < longestWriteMs;
}
