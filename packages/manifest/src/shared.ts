import type { FunctionSettings } from './app.ts';
import { faults } from './errors.ts';
import type { Report } from './report.ts';
import { sourceDirOf, type DraftFunction } from './routes.ts';
import type { Item, Pragma, Word } from './tree.ts';
import { readSettings } from './values.ts';

/** What `@shared` or `@views` says. */
export interface SharedDraft {
  /** Relative to the project: `src/shared`. */
  readonly folder: string;
  /** Names of the functions that it is given to, whatever their config files say; `undefined` when none are listed. */
  readonly names: ReadonlySet<string> | undefined;
}

type SharedName = 'shared' | 'views';

/** Pragmas whose functions `@shared` may list. */
const listed = ['http', 'ws', 'events', 'queues', 'scheduled', 'tables-streams'];

/** Reads `@shared` or `@views`: where the folder is, and for whom. */
export function readShared(
  name: SharedName,
  pragma: Pragma | undefined,
  { functions, report }: { readonly functions: readonly DraftFunction[]; readonly report: Report },
): SharedDraft {
  const items = pragma?.items ?? [];
  const settings = readSettings(items.filter(isSource), { known: ['src'], owner: `@${name}`, report });
  const lists = items.filter((item) => !isSource(item));
  const entries = name === 'views' ? lists.map((item) => ({ kind: 'http', item })) : listsOf(lists, report);
  const found = entries.map(({ kind, item }) => findFunction(kind, item, { functions, report }));
  return {
    folder: sourceDirOf(settings.get('src'), `src/${name}`, report),
    names: lists.length === 0 ? undefined : new Set(found.filter((each) => each !== undefined)),
  };
}

/** Whether a function gets the folder: a list decides, else the function's own settings. */
function isGiven({ names }: SharedDraft, functionName: string, said: boolean): boolean {
  return names?.has(functionName) ?? said;
}

/** Which of both a function gets. */
export function givenTo(
  drafts: Readonly<Record<SharedName, SharedDraft>>,
  functionName: string,
  said: Pick<FunctionSettings, SharedName>,
): Pick<FunctionSettings, SharedName> {
  return {
    shared: isGiven(drafts.shared, functionName, said.shared),
    views: isGiven(drafts.views, functionName, said.views),
  };
}

function isSource({ words, children }: Item): boolean {
  return words[0].text === 'src' && (words.length > 1 || children.length === 0);
}

/** `http` with its routes below it, `ws` with its names. */
function listsOf(items: readonly Item[], report: Report): readonly { readonly kind: string; readonly item: Item }[] {
  return items.flatMap(({ words: [kind], children }) => {
    if (listed.includes(kind.text)) return children.map((item) => ({ kind: kind.text, item }));
    report.add(
      faults.settingUnknown(kind.at, { key: kind.text, owner: '@shared', known: ['src', ...listed], isSlip: true }),
    );
    return [];
  });
}

/** The name of a listed function; `undefined` after a fault. */
function findFunction(
  kind: string,
  { words }: Item,
  { functions, report }: { readonly functions: readonly DraftFunction[]; readonly report: Report },
): string | undefined {
  const label = labelOf(words);
  const candidates = functions.filter((each) => each.name.startsWith(`${kind}/`));
  const labels = candidates.map((each) => (kind === 'http' ? each.label : each.name.slice(kind.length + 1)));
  const found = candidates[labels.indexOf(label)];
  if (found === undefined)
    report.add(faults.functionUnknown(words[0].at, { label, pragma: `@${kind}`, known: labels }));
  return found?.name;
}

function labelOf(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(' ');
}
