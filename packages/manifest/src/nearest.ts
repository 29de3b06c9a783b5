/** Longer words are not typing mistakes of ours. */
const maxLength = 40;

/**
 * The candidate that `word` was probably meant to be, or `undefined` when none is close.
 *
 * Close is at most one mistake for every three letters (a letter too many, missing, wrong, or two swapped); case does
 * not count. The first of several equally close candidates wins.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length === 0 || word.length > maxLength) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (Math.abs(word.length - candidate.length) > allowed) continue;
    const mistakes = distance(word.toLowerCase(), candidate.toLowerCase());
    if (mistakes <= allowed && mistakes < bestDistance) {
      best = candidate;
      bestDistance = mistakes;
    }
  }
  return best;
}

/** Damerau-Levenshtein distance where no part is edited twice. Keeps three rows of the table. */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
