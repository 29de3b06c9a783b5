import type { Place } from './tree.ts';

/** Splits text the way the manifest counts lines: at `\n`, `\r\n` and a lone `\r`. */
export function splitLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/);
}

/** Removes a byte order mark, which some editors put at the start of a file. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** A function that turns a range of offsets into a place on one line. Finding a place takes logarithmic time. */
export function createPlaces(text: string): (start: number, end: number) => Place {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return (start, end) => {
    const index = lastAtMost(starts, start);
    return {
      line: index + 1,
      column: start - (starts[index] ?? 0) + 1,
      length: Math.max(1, end - start),
    };
  };
}

function lastAtMost(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
