import { scanJson, type WantedValue } from './json-scan.ts';
import { parseRouteExpression, type ExpressionPart } from './route-expression.ts';

/** The three routes that API Gateway itself invokes. No message of a client ever selects the first or the last (fact C25). */
export const lifecycleRoutes = {
  connect: '$connect',
  default: '$default',
  disconnect: '$disconnect',
} as const;

/** What an app selects its routes by where it says nothing else. */
export const routeSelectionExpression = '$request.body.action';

/** The route keys of an app: a set of them, or a map by them. */
export interface RouteKeys {
  has(routeKey: string): boolean;
}

/** The route of a message: the custom route that the expression's text names exactly, else `$default`. */
export type RouteSelector = (body: string, routeKeys: RouteKeys) => string;

/** Above this many characters `JSON.parse` can take longer than is good; below it is quicker than anything. */
const maxParsedLength = 16 * 1024;
/** A longer list is no route's key. */
const maxListLength = 4096;
const maxListDepth = 32;

/**
 * Makes what selects the routes of an API's messages; `undefined` where the expression is none.
 *
 * Numbers and booleans count by their text, lists as `[a, b]`, nothing and `null` as no text; an object matches no route
 * (facts C3, C4). Text that is not JSON goes to `$default` (C5), and so does whatever begins with `$`, because custom route
 * keys never do. However long and however odd the body is, it costs a few milliseconds at most.
 */
export function createRouteSelector(expression: string): RouteSelector | undefined {
  const parts = parseRouteExpression(expression);
  if (parts === undefined) return undefined;
  const textFor = textReader(parts);
  return (body, routeKeys) => {
    const text = textFor(body);
    const isCustom = text !== undefined && text !== '' && !text.startsWith('$') && routeKeys.has(text);
    return isCustom ? text : lifecycleRoutes.default;
  };
}

/** Reads the expression's text from a body; `undefined` where it has none, as a body that is not JSON does. */
function textReader(parts: readonly ExpressionPart[]): (body: string) => string | undefined {
  const paths = parts.flatMap((part) => (part.type === 'path' ? [part.path] : []));
  if (paths.length === 0) {
    const text = fill(parts, []);
    return () => text;
  }
  const wanted = wantedValues(paths);
  return (body) => {
    const values = body.length > maxParsedLength ? scannedValues(body, wanted) : parsedValues(body, paths, wanted);
    return values && fill(parts, values);
  };
}

/** The expression's text; `undefined` where one of the values has none. */
function fill(parts: readonly ExpressionPart[], values: readonly unknown[]): string | undefined {
  let text = '';
  let used = 0;
  for (const part of parts) {
    const more = part.type === 'text' ? part.text : textOf(values[used++]);
    if (more === undefined) return undefined;
    text += more;
  }
  return text;
}

/** @param depth how many lists it is in */
function textOf(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return depth === 0 ? '' : 'null';
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  if (!Array.isArray(value) || depth === maxListDepth) return undefined;
  const items = value.map((item: unknown) => textOf(item, depth + 1));
  return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
}

type Path = readonly (string | number)[];

/** What a JSON text may begin with. */
const mayBeJson = /^["\d[tfn{\s-]/;

/** The value of each path, `undefined` where there is none; `undefined` for a body that is not JSON. */
function parsedValues(body: string, paths: readonly Path[], wanted: Wanted): readonly unknown[] | undefined {
  // An exception costs more than all the rest of a short message.
  if (!mayBeJson.test(body)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // Not JSON: AWS routes it to $default, and so does the caller.
    return undefined;
  }
  const values: unknown[] = [];
  for (const path of paths) {
    const value = valueAt(parsed, path);
    if (hasLostDigits(value)) return scannedValues(body, wanted);
    values.push(value);
  }
  return values;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    // A list has no names, and an object no indexes.
    if (Array.isArray(value) !== (typeof step === 'number')) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

function hasLostDigits(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
}

interface Wanted {
  readonly root: WantedValue;
  /** One for each path, in their order. */
  readonly leaves: readonly WantedValue[];
}

function wantedValues(paths: readonly Path[]): Wanted {
  const root = wantedBelow(paths);
  return { root, leaves: paths.map((path) => path.reduce((node, step) => child(node, step) ?? node, root)) };
}

function wantedBelow(paths: readonly Path[]): WantedValue {
  const byKey = new Map<string, WantedValue>();
  const byIndex = new Map<number, WantedValue>();
  for (const [first] of paths) {
    if (first === undefined) continue;
    const below = wantedBelow(paths.filter((path) => path[0] === first).map((path) => path.slice(1)));
    if (typeof first === 'string') byKey.set(first, below);
    else byIndex.set(first, below);
  }
  return { isWanted: paths.some((path) => path.length === 0), byKey, byIndex };
}

function child({ byKey, byIndex }: WantedValue, step: string | number): WantedValue | undefined {
  return typeof step === 'string' ? byKey.get(step) : byIndex.get(step);
}

function scannedValues(body: string, { root, leaves }: Wanted): readonly unknown[] | undefined {
  const found = scanJson(body, root);
  return found && leaves.map((leaf) => scannedValue(found.get(leaf)));
}

function scannedValue(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  // Neither is the key of any route, and both may be deep.
  if (text.startsWith('{') || (text.startsWith('[') && text.length > maxListLength)) return {};
  // An integer counts by its digits, however many they are.
  return /^-?[1-9]\d*$/.test(text) ? text : JSON.parse(text);
}
