import { decodeOnce } from './decode.ts';

/** A line of `@http`: `{ method: 'get', path: '/rooms/:id', functionName: 'http/get-rooms-000id' }`. */
export interface HttpRoute {
  /** Any letter case; `any` takes every method that the same path does not name. */
  readonly method: string;
  /** As in app.arc: `/`, `/rooms/:id`, `/files/*`. */
  readonly path: string;
  readonly functionName: string;
}

/** The route that a request goes to. */
export interface Match {
  /** As AWS writes it: `GET /rooms/{id}`, `ANY /x`, `GET /files/{proxy+}`. */
  readonly routeKey: string;
  readonly functionName: string;
  /** Decoded once; absent for a route without parameters. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

/** Finds the route of a request. `path` is as received: escapes untouched, no query. */
export type Router = (method: string, path: string) => Match | undefined;

/** What a path ends in: its functions by method, and the names of the parameters on the way. */
type Ends = Map<
  string,
  { readonly routeKey: string; readonly functionName: string; readonly names: readonly string[] }
>;

interface Node {
  readonly literals: Map<string, Node>;
  parameter?: Node;
  readonly ends: Ends;
  /** Ends of the greedy routes that begin here. */
  readonly greedyEnds: Ends;
}

interface Request {
  readonly method: string;
  readonly segments: readonly string[];
}

/**
 * Makes a router of all routes; looking up costs no more than the routes have segments, whatever the path.
 *
 * A full match beats a greedy one, a literal segment beats a parameter, a longer prefix beats a shorter one, and a named
 * method beats `ANY` on the same path. A path whose routes lack the method does not hide a less specific route.
 *
 * - `/a` and `/a/` differ; `/files/*` takes `/files/` but not `/files`; `/*` takes `/`; `:id` is never empty.
 * - ▶ Unproven: paths are matched before decoding (so `%2F` never splits a segment), letter case counts, and a GET route
 *   does not answer HEAD, because AWS's documents know no such rule.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html read 2026-11
 * @see https://github.com/aws/aws-lambda-dotnet Tools/LambdaTestTool-v2, ApiGatewayRouteConfigService.cs (slashes), read 2026-11
 */
export function createRouter(routes: readonly HttpRoute[]): Router {
  const root = createNode();
  for (const route of routes) add(root, route);
  return (method, path) => {
    if (!path.startsWith('/')) return undefined;
    const request = { method: method.toUpperCase(), segments: path.slice(1).split('/') };
    return findFull(root, request, 0, []) ?? findGreedy(root, request, 0, []);
  };
}

function createNode(): Node {
  return { literals: new Map(), ends: new Map(), greedyEnds: new Map() };
}

function add(root: Node, route: HttpRoute): void {
  const names: string[] = [];
  const keyParts: string[] = [];
  const method = route.method.toUpperCase();
  let node = root;
  let isGreedy = false;
  for (const segment of route.path.slice(1).split('/')) {
    if (segment === '*') {
      isGreedy = true;
      names.push('proxy');
      keyParts.push('{proxy+}');
    } else if (segment.startsWith(':')) {
      node = node.parameter ??= createNode();
      names.push(segment.slice(1));
      keyParts.push(`{${segment.slice(1)}}`);
    } else {
      const next = node.literals.get(segment) ?? createNode();
      node.literals.set(segment, next);
      node = next;
      keyParts.push(segment);
    }
  }
  const routeKey = `${method} /${keyParts.join('/')}`;
  (isGreedy ? node.greedyEnds : node.ends).set(method, {
    routeKey,
    functionName: route.functionName,
    names,
  });
}

function findFull(node: Node, request: Request, depth: number, values: readonly string[]): Match | undefined {
  const segment = request.segments[depth];
  if (segment === undefined) return end(node.ends, request.method, values);
  return descend(findFull, node, request, depth, values);
}

function findGreedy(node: Node, request: Request, depth: number, values: readonly string[]): Match | undefined {
  if (depth >= request.segments.length) return undefined;
  const deeper = descend(findGreedy, node, request, depth, values);
  if (deeper !== undefined) return deeper;
  if (node.greedyEnds.size === 0) return undefined;
  return end(node.greedyEnds, request.method, [...values, request.segments.slice(depth).join('/')]);
}

/** Goes one segment down: by its literal first, then as a parameter. Each node is visited once at most. */
function descend(
  find: typeof findFull,
  node: Node,
  request: Request,
  depth: number,
  values: readonly string[],
): Match | undefined {
  const segment = request.segments[depth] ?? '';
  const literal = node.literals.size > 0 ? node.literals.get(decodeOnce(segment)) : undefined;
  const found = literal && find(literal, request, depth + 1, values);
  if (found !== undefined || node.parameter === undefined || segment === '') return found;
  return find(node.parameter, request, depth + 1, [...values, segment]);
}

function end(ends: Ends, method: string, values: readonly string[]): Match | undefined {
  const route = ends.get(method) ?? ends.get('ANY');
  if (route === undefined) return undefined;
  const { routeKey, functionName, names } = route;
  // `fromEntries` makes own properties, so that a parameter called `__proto__` stays data.
  const pathParameters =
    names.length === 0
      ? undefined
      : Object.fromEntries(names.map((name, index) => [name, decodeOnce(values[index] ?? '')]));
  return { routeKey, functionName, pathParameters };
}
