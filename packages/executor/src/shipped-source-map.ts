import { existsSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { packageAround, readPackageManifest } from './native-package.ts';

/** What the entry around a handler is called while it is built; it stands beside the handler then. */
export const entryName = 'furrow-entry.js';

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
  if (basename(file) === entryName) return 'furrow/entry.js';
  const inside = slashes(relative(projectDir, file));
  const path = isOutside(inside) ? slashes(file) : inside;
  const installed = /^(?:.*\/)?(node_modules\/.+)$/.exec(path)?.[1];
  const name = installed ?? (isOutside(inside) ? outsideName(file, projectDir, inside) : inside);
  return name.replace(/^node_modules\/@furrow\/([^/]+)\/(?:(?:dist\/(?:esm|cjs)|src)\/)?/, 'furrow/$1/');
}

/**
 * A file of a linked package is named as if it were installed, one of a folder around the project by its way there. What
 * is not on this machine comes from the source map of a package, and its author's paths are no news to anybody.
 */
function outsideName(file: string, projectDir: string, inside: string): string {
  const folder = packageAround(file);
  if (folder !== undefined && isOutside(slashes(relative(folder, projectDir)))) {
    const { name } = readPackageManifest(folder);
    if (typeof name === 'string') return `node_modules/${name}/${slashes(relative(folder, file))}`;
  }
  return existsSync(file) ? inside : `outside/${basename(file)}`;
}

function isOutside(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path);
}

function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
