import { createHash } from 'node:crypto';
import type { HttpRoute } from './app.ts';
import { faults, quote } from './errors.ts';
import { nearest } from './nearest.ts';
import type { Report } from './report.ts';
import { sourceDirOf, type DraftFunction } from './routes.ts';
import type { Item, Pragma, Word } from './tree.ts';
import { oneValue, readSettings, type Setting } from './values.ts';

const methods: readonly HttpRoute['method'][] = ['get', 'post', 'put', 'patch', 'delete', 'options', 'head', 'any'];
/** What file systems allow for one name. */
const maxFolderName = 255;

/** A function of `@http`, and the request that invokes it. */
export interface HttpDraft extends DraftFunction {
  readonly method: HttpRoute['method'];
  readonly path: string;
}

/** Reads `@http`, in its order. */
export function readHttp(pragma: Pragma, report: Report): readonly HttpDraft[] {
  const drafts = new Map<string, HttpDraft>();
  for (const item of pragma.items) {
    const draft = readRoute(item, report);
    if (draft === undefined) continue;
    // Names of parameters do not tell requests apart.
    const request = `${draft.method} ${draft.path.replaceAll(/:[^/]+/g, ':')}`;
    const earlier = drafts.get(request);
    if (earlier === undefined) drafts.set(request, draft);
    else report.add(faults.routeTwice(draft.at, draft.label, earlier.at.line));
  }
  return [...drafts.values()];
}

/** Reads `get /path` with an optional `src` below it, or `/path` with `method` and `src` below it. */
function readRoute(item: Item, report: Report): HttpDraft | undefined {
  const [first, second, extra] = wordsOf(item);
  const isPathFirst = second === undefined && first.text.startsWith('/');
  const settings = readSettings(item.children, {
    known: isPathFirst ? ['method', 'src'] : ['src'],
    owner: quote(item.words.map(({ text }) => text).join(' ')),
    report,
  });
  if (extra !== undefined) {
    const why = `${quote(extra.text)} does not belong on the line of a route.`;
    report.add(faults.routeLine(extra.at, why, 'Write a method and a path, such as "get /".'));
    return undefined;
  }
  if (second === undefined && !isPathFirst) {
    const why = `${quote(first.text)} is not a method and a path.`;
    report.add(faults.routeLine(first.at, why, 'Write both on one line, such as "get /".'));
    return undefined;
  }
  const methodWord = isPathFirst ? methodSetting(first, settings.get('method'), report) : first;
  const method = methodWord === undefined ? undefined : readMethod(methodWord, report);
  const path = readPath(isPathFirst ? first : (second ?? first), report);
  if (method === undefined || path === undefined) return undefined;
  return createDraft({ method, path, at: placeOf(item), src: settings.get('src') }, report);
}

/** A JSON or YAML list may hold `get /` as one text. */
function wordsOf(item: Item): readonly [Word, ...Word[]] {
  const [word] = item.words;
  const parts = item.words.length > 1 ? null : /^(\S+) +(\/\S*)$/.exec(word.text);
  if (parts === null) return item.words;
  const [method = '', path = ''] = parts.slice(1);
  return [
    { ...word, text: method, value: method },
    { ...word, text: path, value: path },
  ];
}

function placeOf(item: Item): Word['at'] {
  const [first] = item.words;
  const last = item.words.at(-1) ?? first;
  const isOneLine = last.at.line === first.at.line && last.at.column >= first.at.column;
  return isOneLine ? { ...first.at, length: last.at.column + last.at.length - first.at.column } : first.at;
}

function methodSetting(path: Word, setting: Setting | undefined, report: Report): Word | undefined {
  if (setting !== undefined) return oneValue(setting, report);
  report.add(faults.routeLine(path.at, `${quote(path.text)} has no method.`, `Write "get ${path.text.slice(0, 60)}".`));
  return undefined;
}

function readMethod({ text, at }: Word, report: Report): HttpRoute['method'] | undefined {
  const method = methods.find((known) => known === text);
  if (method === undefined) report.add(faults.httpMethod(at, text, methods));
  return method;
}

function readPath({ text, at }: Word, report: Report): string | undefined {
  const why = reasonAgainst(text);
  if (why === undefined) return text;
  report.add(faults.httpPath(at, text, why));
  return undefined;
}

function reasonAgainst(path: string): string | undefined {
  if (!path.startsWith('/'))
    return nearest(path, methods) === path ? 'stands where a path should' : 'does not start with "/"';
  if (path === '/') return undefined;
  const unknown = /[^a-zA-Z0-9/\-:._*]/u.exec(path)?.[0];
  if (unknown !== undefined) return `holds ${quote(unknown)}, which no path may`;
  const parts = path.slice(1).split('/');
  const reasons = parts.map((part, index) => reasonAgainstPart(part, index === parts.length - 1));
  return reasons.find((reason) => reason !== undefined);
}

function reasonAgainstPart(part: string, isLast: boolean): string | undefined {
  if (part === '') return isLast ? 'ends with "/"' : 'has an empty part';
  if (/[-._]$/.test(part)) return 'has a part that ends with "-", "." or "_"';
  if (part.includes('*') && !(isLast && part === '*')) return 'has a "*" that is not its last part';
  if (part === ':' || part.lastIndexOf(':') > 0) return 'has a ":" that does not start the name of a parameter';
  return undefined;
}

/** `get /foo-bar/:id` lives in `get-foo_bar-000id`: the spelling Architect gave it, so that its apps run here. */
function folderName(method: string, path: string): string {
  if (path === '/') return `${method}-index`;
  const isCatchall = path.endsWith('/*');
  const plain = isCatchall ? path.slice(0, -2) : path;
  const name = plain.replaceAll(/[-._]/g, '_').replaceAll(':', '000').replaceAll('/', '-');
  return `${method}${name}${isCatchall ? '-catchall' : ''}`;
}

/**
 * The name of the function: its folder's. Where another path would give the same one and `src` allows both, a hash tells
 * them apart, whether both are there or not: a route that is added must not rename another.
 */
function functionName(method: string, path: string, hasOwnFolder: boolean): string {
  const folder = folderName(method, path);
  const isShared = path
    .slice(1)
    .split('/')
    .some((part, index, { length }) => /[._]|^000/.test(part) || (part === 'catchall' && index === length - 1));
  if (!hasOwnFolder || (!isShared && path !== '/index')) return `http/${folder}`;
  const hash = createHash('sha256').update(`${method} ${path}`).digest('hex');
  return `http/${folder}-${hash.slice(0, 8)}`;
}

function createDraft(
  route: { method: HttpRoute['method']; path: string; at: Word['at']; src: Setting | undefined },
  report: Report,
): HttpDraft | undefined {
  const { method, path, at, src } = route;
  const folder = folderName(method, path);
  if (folder.length > maxFolderName) {
    report.add(faults.httpPath(at, path, `makes a folder name longer than ${maxFolderName} characters`));
    return undefined;
  }
  return {
    name: functionName(method, path, src !== undefined),
    kind: 'http',
    label: `${method} ${path}`,
    method,
    path,
    sourceDir: sourceDirOf(src, `src/http/${folder}`, report),
    hasOwnFolder: src !== undefined,
    viewsByDefault: method === 'get' || method === 'any',
    routeSettings: [],
    at,
  };
}
