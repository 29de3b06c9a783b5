import { lifecycleRoutes } from '@furrow/protocol';
import type { WsRoute } from './app.ts';
import { authorizerLabel, readAuthorizer, type AuthorizerDraft } from './authorizer.ts';
import { faults, quote } from './errors.ts';
import type { Report } from './report.ts';
import { sourceDirOf, type DraftFunction } from './routes.ts';
import type { RouteSetting } from './settings.ts';
import type { Item, Pragma, Word } from './tree.ts';
import { readSettings, type Setting } from './values.ts';

const lifecycle = new Map<string, string>(Object.entries(lifecycleRoutes));
const maxNameLength = 255;

/** A function of `@ws`, and the route that invokes it. */
export interface WsDraft extends DraftFunction {
  readonly routeKey: WsRoute['routeKey'];
}

/** What `@ws` says. */
export interface WsDrafts {
  /** The lifecycle handlers first, declared or not, then custom routes in their order. */
  readonly routes: readonly WsDraft[];
  readonly authorizer: AuthorizerDraft | undefined;
}

/** A line of `@ws`. */
interface Declared {
  readonly draft: WsDraft;
  /** Whether the app does without this lifecycle handler. */
  readonly isOff: boolean;
  readonly authorizer?: AuthorizerDraft | undefined;
}

/** Reads `@ws`. A lifecycle handler that is `false` is left out. */
export function readWs(pragma: Pragma, report: Report): WsDrafts {
  const lines = new Map<string, Declared>();
  for (const item of pragma.items) {
    const line = readLine(item, report);
    if (line === undefined) continue;
    const { label, at } = line.draft;
    const earlier = lines.get(label);
    if (earlier === undefined) lines.set(label, line);
    else report.add(faults.routeTwice(at, label, earlier.draft.at.line));
  }
  const first = [...lifecycle.keys()].map(
    (name) => lines.get(name) ?? { draft: createDraft(name, pragma), isOff: false },
  );
  const custom = [...lines.values()].filter(({ draft }) => !lifecycle.has(draft.label));
  const routes = [...first, ...custom].filter(({ isOff }) => !isOff).map(({ draft }) => draft);
  if (routes.length === 0) report.add(faults.routesNone(pragma.at));
  const authorizer = lines.get('connect')?.authorizer;
  const rival = lines.get(authorizerLabel)?.draft;
  if (authorizer !== undefined && rival !== undefined) {
    report.add(faults.routeAuthorizer(rival.at, rival.label, authorizer.at.line));
  }
  return { routes, authorizer };
}

function readLine(item: Item, report: Report): Declared | undefined {
  const [word, extra] = item.words;
  const lifecycleName = lifecycleNameOf(word);
  if (lifecycleName !== undefined && isSwitch(item)) return readSwitch(item, lifecycleName, report);
  const settings = readOwnSettings(item, lifecycleName === 'connect', report);
  if (extra !== undefined) {
    const why = `${quote(extra.text)} does not belong on the line of a route.`;
    report.add(faults.routeLine(extra.at, why, wayOut(extra)));
    return undefined;
  }
  const name = readName(word, report);
  if (name === undefined) return undefined;
  const draft = createDraft(name, { at: word.at });
  const [src, authorizer] = [settings.get('src'), settings.get(authorizerLabel)];
  return {
    draft: { ...draft, sourceDir: sourceDirOf(src, draft.sourceDir, report), hasOwnFolder: src !== undefined },
    isOff: false,
    authorizer: authorizer && readAuthorizer(authorizer, report),
  };
}

/** `connect` of `connect` and `$connect`; `undefined` for a custom route. */
function lifecycleNameOf({ text }: Word): string | undefined {
  const name = text.startsWith('$') ? text.slice(1) : text;
  return lifecycle.has(name) ? name : undefined;
}

/** Whether a line says of a lifecycle handler that it is there, or that it is not: `connect false`. */
function isSwitch({ words: [, value, extra] }: Item): boolean {
  return extra === undefined && (value?.text === 'true' || value?.text === 'false');
}

function readSwitch(item: Item, name: string, report: Report): Declared | undefined {
  const [word, value] = item.words;
  if (value?.text === 'true') return readLine({ ...item, words: [word] }, report);
  const below = item.children[0]?.words[0];
  if (below !== undefined) {
    const why = `${quote(word.text)} is left out, so it has no ${quote(below.text)}.`;
    report.add(faults.routeLine(below.at, why, 'Remove "false", or what is below it.'));
  }
  return { draft: createDraft(name, { at: word.at }), isOff: true };
}

function readOwnSettings(
  { words: [word], children }: Item,
  isConnect: boolean,
  report: Report,
): ReadonlyMap<string, Setting> {
  const owner = quote(word.text);
  if (isConnect) return readSettings(children, { known: ['src', authorizerLabel], owner, report });
  const misplaced = children.filter(({ words }) => words[0].text === authorizerLabel);
  for (const { words } of misplaced) report.add(faults.authorizerPlace(words[0].at, word.text));
  const others = children.filter((child) => !misplaced.includes(child));
  return readSettings(others, { known: ['src'], owner, report });
}

function wayOut({ text }: Word): string {
  if (text === 'src' || text.includes('/')) return 'Write "src" and the folder on the next line, indented.';
  if (text === authorizerLabel) return 'Write "authorizer" on the line below connect, indented.';
  return text === 'false'
    ? 'Remove the line: only connect, default and disconnect are there without one.'
    : 'Write one route a line.';
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
    routeSettings: routeSettingsOf(name),
    at,
  };
}

/** To a client that comes or goes API Gateway sends nothing of what the handler returns (facts A21, C20). */
function routeSettingsOf(name: string): readonly RouteSetting[] {
  const throttles = ['throttlingRateLimit', 'throttlingBurstLimit'] as const;
  return name === 'connect' || name === 'disconnect' ? throttles : ['routeResponse', ...throttles];
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
