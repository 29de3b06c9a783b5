import { faults } from './errors.ts';
import type { Report } from './report.ts';
import { readLines, type Line } from './tokens.ts';
import type { Item, Place, Pragma, Word } from './tree.ts';

interface Branch extends Item {
  readonly children: Branch[];
}

/** The items at one depth, and the indentation that continues them. */
interface Level {
  readonly indent: number;
  readonly items: Branch[];
}

/** The pragmas of an `.arc` text, in order, a repeated one twice. Never throws; faults go to `report`. */
export function parseArc(text: string, report: Report): readonly Pragma[] {
  const pragmas: Pragma[] = [];
  let stray: Place | undefined;
  let items: Branch[] = [];
  let levels: Level[] = [];
  for (const line of readLines(text, report)) {
    if (line.pragma !== undefined) {
      items = [];
      levels = [];
      pragmas.push({ ...line.pragma, items, isOff: false });
    }
    const [first, ...rest] = line.words;
    if (first === undefined) continue;
    if (pragmas.length === 0) stray ??= first.at;
    else addItem({ items, levels, line, words: [first, ...rest], report });
  }
  if (stray !== undefined) {
    report.add(pragmas.length === 0 ? faults.pragmaMissing(stray) : faults.contentBeforePragma(stray));
  }
  return pragmas;
}

/**
 * Puts a line where its indentation says: deeper than the line before is below it, any open level continues that level.
 * The first line of a pragma sets the base, so an indented list is read as it looks.
 */
function addItem(task: {
  readonly items: Branch[];
  readonly levels: Level[];
  readonly line: Line;
  readonly words: readonly [Word, ...Word[]];
  readonly report: Report;
}): void {
  const { items, levels, words, report } = task;
  const { indent } = task.line;
  let level = levels.at(-1) ?? { indent, items };
  if (levels.length === 0) levels.push(level);

  let closed: Level | undefined;
  while (levels.length > 1 && indent < level.indent) {
    closed = levels.pop();
    level = levels.at(-1) ?? level;
  }
  const above = level.items.at(-1);
  if (indent > level.indent && closed === undefined && above !== undefined) {
    level = { indent, items: above.children };
    levels.push(level);
  } else if (indent !== level.indent) {
    report.add(faults.indentMixed(words[0].at));
    // Between two levels it stays with the deeper one, so that one wrong line is one problem.
    if (closed !== undefined && indent > level.indent) {
      level = { indent, items: closed.items };
      levels.push(level);
    }
  }
  level.items.push({ words, children: [] });
}
