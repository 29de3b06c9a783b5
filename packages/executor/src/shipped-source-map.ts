import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { packageAround, readPackageManifest } from './native-package.ts';

/** What the entry around a handler is called while it is built; it stands beside the handler then. */
export const entryName = 'furrow-entry.js';

/** The folder that holds the packages of Furrow, in a checkout of it. */
const ownPackages = join(import.meta.dirname, '..', '..');

/**
 * A source map as it is shipped: its sources have the same names on every machine, wherever the project and its packages
 * are.
 *
 * @param mapDir what the map's own names are relative to.
 */
export function shippedSourceMap(
  text: string,
  { projectDir, mapDir }: { readonly projectDir: string; readonly mapDir: string },
): string {
  const map: { readonly sources: readonly string[] } = JSON.parse(text);
  const sources = map.sources.map((source) => shippedSourceName(resolve(mapDir, source), projectDir));
  return JSON.stringify({ ...map, sources });
}

/**
 * The name of a source on every machine: `src/ws/default/index.js`, `node_modules/ws/lib/sender.js`,
 * `furrow/functions/ws.js`.
 */
export function shippedSourceName(file: string, projectDir: string): string {
  const path = slashes(file);
  if (path.endsWith(`/${entryName}`)) return 'furrow/entry.js';
  const own = /\/node_modules\/@furrow\/(.+)$/.exec(path)?.[1] ?? ownPath(file);
  if (own !== undefined) return `furrow/${own.replace(/^([^/]+)\/(?:dist\/(?:esm|cjs)|src)\//, '$1/')}`;
  const inside = slashes(relative(projectDir, file));
  const installed = /^(?:.*\/)?(node_modules\/.+)$/.exec(isOutside(inside) ? path : inside)?.[1];
  if (installed !== undefined) return installed;
  return isOutside(inside) ? linkedName(file, projectDir, inside) : inside;
}

function ownPath(file: string): string | undefined {
  if (!import.meta.url.endsWith('.ts')) return undefined;
  const path = slashes(relative(ownPackages, file));
  return isOutside(path) ? undefined : path;
}

/** A file of a linked package is named as if it were installed; one of a folder around the project by its way there. */
function linkedName(file: string, projectDir: string, inside: string): string {
  const folder = packageAround(file);
  if (folder === undefined || !isOutside(slashes(relative(folder, projectDir)))) return inside;
  const { name } = readPackageManifest(folder);
  return typeof name === 'string' ? `node_modules/${name}/${slashes(relative(folder, file))}` : inside;
}

function isOutside(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path);
}

function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
