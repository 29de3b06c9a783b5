/** Longest time that the start of a line waits for the rest of it: a prompt without an end is seen all the same. */
const mostWaitMs = 50;

export interface LineBatch {
  push(text: string): void;
  /** Gives out what waits. */
  flush(): void;
}

/**
 * Gives text on in whole lines.
 *
 * Python writes what it prints and the end of the line one after the other, so they come as two pieces.
 */
export function createLineBatch(onLines: (text: string) => void): LineBatch {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const text = waiting;
    waiting = '';
    if (text !== '') onLines(text);
  }

  return {
    push(text) {
      const end = text.lastIndexOf('\n') + 1;
      if (end > 0) {
        const lines = waiting + text.slice(0, end);
        waiting = '';
        flush();
        onLines(lines);
      }
      waiting += text.slice(end);
      if (waiting !== '') timer ??= setTimeout(flush, mostWaitMs);
    },
    flush,
  };
}
