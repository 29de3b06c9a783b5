import { readBackground, refuseRest, type BackgroundDraft } from './background.ts';
import { faults } from './errors.ts';
import type { Report } from './report.ts';
import type { Item, Pragma } from './tree.ts';
import { oneValue } from './values.ts';

export interface TableStreamDraft extends BackgroundDraft {
  readonly tableName: string;
  /** Where it lives instead, if that folder is there: `stream true` once made it. */
  readonly olderDir?: string;
}

interface Pragmas {
  readonly tables: Pragma | undefined;
  readonly streams: Pragma | undefined;
}

const rules = { kind: 'tables-streams', noun: 'stream', known: ['table'] } as const;

/** Reads `@tables-streams`, a function and its table a line, and the tables of `@tables` that say `stream true`. */
export function readTablesStreams({ tables, streams }: Pragmas, report: Report): readonly TableStreamDraft[] {
  const items = tables?.items ?? [];
  const names = items.map(({ words }) => words[0].text);
  const lines = streams === undefined ? [] : readBackground(streams, rules, report);
  const said = lines.flatMap((line) => {
    refuseRest(line, 'stream', report);
    const { draft, settings } = line;
    const setting = settings.get('table');
    const table = setting === undefined ? { text: draft.ownName, at: draft.at } : oneValue(setting, report);
    if (table === undefined) return [];
    if (!names.includes(table.text)) report.add(faults.streamTable(table.at, table.text, names));
    return [{ ...draft, tableName: table.text }];
  });
  const covered = new Set(said.flatMap(({ tableName, ownName }) => [tableName, ownName]));
  return [...said, ...streamed(tables, report).filter(({ tableName }) => !covered.has(tableName))];
}

/** A function for each table with `stream true`, as Architect has it. */
function streamed(tables: Pragma | undefined, report: Report): readonly TableStreamDraft[] {
  if (tables === undefined) return [];
  const items: Item[] = tables.items.filter(hasStream).map(({ words: [word] }) => ({ words: [word], children: [] }));
  // What is wrong with the names was said where the tables were read.
  const unique = items.filter(({ words: [{ text }] }, index) => {
    return items.findIndex(({ words: [other] }) => other.text === text) === index;
  });
  return readBackground({ ...tables, items: unique }, rules, report).map(({ draft }) => {
    return { ...draft, tableName: draft.ownName, olderDir: `src/tables/${draft.ownName}` };
  });
}

function hasStream({ children }: Item): boolean {
  return children.some(({ words: [key, value] }) => key.text === 'stream' && value?.value === true);
}
