import { lifecycleRoutes } from '@furrow/protocol';
import type { WsRoute } from './app.ts';
import { faults, quote } from './errors.ts';
import type { Report } from './report.ts';
import { sourceDirOf, type DraftFunction } from './routes.ts';
import type { Item, Pragma, Word } from './tree.ts';
import { readSettings } from './values.ts';

const lifecycle = new Map<string, string>(Object.entries(lifecycleRoutes));
const maxNameLength = 255;

/** A function of `@ws`, and the route that invokes it. */
export interface WsDraft extends DraftFunction {
  readonly routeKey: WsRoute['routeKey'];
  readonly hasOwnFolder: boolean;
}

/** Reads `@ws`. The lifecycle handlers come first, declared or not, then custom routes in their order. */
export function readWs(pragma: Pragma, report: Report): readonly WsDraft[] {
  const drafts = new Map<string, WsDraft>();
  for (const item of pragma.items) {
    const draft = readRoute(item, report);
    if (draft === undefined) continue;
    const earlier = drafts.get(draft.label);
    if (earlier === undefined) drafts.set(draft.label, draft);
    else report.add(faults.routeTwice(draft.at, draft.label, earlier.at.line));
  }
  const first = [...lifecycle.keys()].map((name) => drafts.get(name) ?? createDraft(name, pragma));
  return [...first, ...[...drafts.values()].filter(({ label }) => !lifecycle.has(label))];
}

function readRoute(item: Item, report: Report): WsDraft | undefined {
  const [word, extra] = item.words;
  const settings = readSettings(item.children, { known: ['src'], owner: quote(word.text), report });
  if (extra !== undefined) {
    const fix =
      extra.text === 'src' || /[/]/.test(extra.text)
        ? 'Write "src" and the folder on the next line, indented.'
        : 'Write one route a line.';
    report.add(faults.routeLine(extra.at, `${quote(extra.text)} does not belong on the line of a route.`, fix));
    return undefined;
  }
  const name = readName(word, report);
  if (name === undefined) return undefined;
  const draft = createDraft(name, { at: word.at });
  const src = settings.get('src');
  return {
    ...draft,
    sourceDir: sourceDirOf(src, draft.sourceDir, report),
    hasOwnFolder: src !== undefined,
  };
}

function createDraft(name: string, { at }: Pick<Word, 'at'>): WsDraft {
  return {
    name: `ws/${name}`,
    kind: 'ws',
    label: name,
    routeKey: lifecycle.get(name) ?? name,
    sourceDir: `src/ws/${name}`,
    hasOwnFolder: false,
    viewsByDefault: false,
    at,
  };
}

function readName({ text, at }: Word, report: Report): string | undefined {
  if (text.startsWith('$')) {
    if (lifecycle.has(text.slice(1))) return text.slice(1);
    report.add(faults.routeReserved(at, text));
    return undefined;
  }
  const why = reasonAgainst(text);
  if (why === undefined) return text;
  report.add(faults.routeName(at, why));
  return undefined;
}

function reasonAgainst(name: string): string | undefined {
  if (name === '') return 'A route has no name.';
  if (name.length > maxNameLength)
    return `${quote(name)} has ${name.length} characters; ${maxNameLength} are the most.`;
  const unknown = /[^a-zA-Z0-9/\-._]/u.exec(name)?.[0];
  if (unknown !== undefined) return `${quote(name)} holds ${quote(unknown)}, which no route may.`;
  const isFolder = name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  return isFolder ? undefined : `${quote(name)} is not a folder below src/ws.`;
}
