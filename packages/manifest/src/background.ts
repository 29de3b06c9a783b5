import type { FunctionDefinition } from './app.ts';
import { faults, quote } from './errors.ts';
import type { Report } from './report.ts';
import { sourceDirOf, type DraftFunction } from './routes.ts';
import type { Item, Pragma, Word } from './tree.ts';
import { readSettings, type Setting } from './values.ts';

const maxNameLength = 240;

/** A function that no client calls: it runs for a message, or by the clock. */
export interface BackgroundDraft extends DraftFunction {
  /** What its topic, queue or schedule is called. */
  readonly ownName: string;
}

export interface BackgroundLine {
  readonly draft: BackgroundDraft;
  /** What stands below the name. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** What follows the name on its line. */
  readonly rest: readonly Word[];
}

interface BackgroundRules {
  /** What the folder below `src` is called, and the pragma. */
  readonly kind: FunctionDefinition['kind'];
  /** One of them in a word: `event`. */
  readonly noun: string;
  /** Settings that a name may have below it, beside `src`. */
  readonly known: readonly string[];
}

/** Reads the lines of a pragma that declares such functions by name. A line with a fault in its name is left out. */
export function readBackground(pragma: Pragma, rules: BackgroundRules, report: Report): readonly BackgroundLine[] {
  const lines = new Map<string, BackgroundLine>();
  for (const item of pragma.items) {
    const line = readLine(item, rules, report);
    if (line === undefined) continue;
    const { ownName, at } = line.draft;
    const earlier = lines.get(ownName);
    if (earlier === undefined) lines.set(ownName, line);
    else report.add(faults.backgroundTwice(at, { name: ownName, noun: rules.noun, line: earlier.draft.at.line }));
  }
  return [...lines.values()];
}

/** Says so of words that follow a name where nothing may. */
export function refuseRest({ rest: [extra], draft }: BackgroundLine, noun: string, report: Report): void {
  if (extra === undefined) return;
  const isFolder = extra.text === 'src' || extra.text.includes('/');
  const way = isFolder
    ? 'Write "src" and the folder on the next line, indented.'
    : `Write one ${noun} a line, and its settings below it, indented.`;
  report.add(
    faults.backgroundLine(extra.at, `${quote(extra.text)} does not belong beside ${quote(draft.ownName)}.`, way),
  );
}

function readLine(item: Item, { kind, noun, known }: BackgroundRules, report: Report): BackgroundLine | undefined {
  const [word, ...rest] = item.words;
  const settings = readSettings(item.children, { known: ['src', ...known], owner: quote(word.text), report });
  const why = reasonAgainst(word.text, kind);
  if (why !== undefined) {
    report.add(faults.backgroundName(word.at, why));
    return undefined;
  }
  const src = settings.get('src');
  const draft: BackgroundDraft = {
    name: `${kind}/${word.text}`,
    kind,
    label: `${noun} ${word.text}`,
    ownName: word.text,
    sourceDir: sourceDirOf(src, `src/${kind}/${word.text}`, report),
    hasOwnFolder: src !== undefined,
    viewsByDefault: false,
    routeSettings: [],
    at: word.at,
  };
  return { draft, settings, rest };
}

/** A name is a folder, and a part of a parameter's name on AWS. */
function reasonAgainst(name: string, kind: string): string | undefined {
  if (name === '') return `A line of @${kind} has no name.`;
  if (name.length > maxNameLength)
    return `${quote(name)} has ${name.length} characters; ${maxNameLength} are the most.`;
  const unknown = /[^a-zA-Z0-9/\-._]/u.exec(name)?.[0];
  if (unknown !== undefined) return `${quote(name)} holds ${quote(unknown)}, which no name may.`;
  if (/^\.|\.$|\.\./.test(name)) return `${quote(name)} has a "." at its start, at its end, or two in a row.`;
  const isFolder = name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  return isFolder ? undefined : `${quote(name)} is not a folder below src/${kind}.`;
}
