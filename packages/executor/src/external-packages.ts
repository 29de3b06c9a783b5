import { existsSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import { findPackage, isNativePackage, isOptionalImport } from './native-package.ts';

/** A package that stays outside of a bundle and has to stand beside it, in `node_modules`. */
export interface ExternalPackage {
  readonly name: string;
  /** Absolute path of its folder, links followed; `undefined` when it is not installed. */
  readonly folder: string | undefined;
  /** Whether everything that imports it can do without it. */
  readonly isOptional: boolean;
}

export interface ExternalPackages {
  readonly plugin: Plugin;
  readonly found: () => readonly ExternalPackage[];
  /** Names of packages that turned out to be native while they were bundled: the build has to be done again. */
  readonly late: () => readonly string[];
}

interface Outside {
  /** The function's own folder, links followed: native files in it are shipped as they are. */
  readonly sourceDir: string;
  /** Packages that stay outside, whatever they look like. */
  readonly named: readonly string[];
}

/** Keeps native packages, and those that the author has named, out of a bundle, and remembers which they were. */
export function externalPackages({ sourceDir, named }: Outside): ExternalPackages {
  const found = new Map<string, ExternalPackage>();
  const late = new Set<string>();
  const native = new Map<string, boolean>();

  function isNative(folder: string): boolean {
    const known = native.get(folder) ?? isNativePackage(folder);
    native.set(folder, known);
    return known;
  }

  function resolvePackage({ path, importer, resolveDir }: OnResolveArgs): OnResolveResult | undefined {
    const name = isAbsolute(path) || isBuiltin(path) ? undefined : packageName(path);
    if (name === undefined) return undefined;
    const folder = findPackage(resolveDir, name);
    const isOutside = named.includes(name) || (folder !== undefined && (path.endsWith('.node') || isNative(folder)));
    if (!isOutside) return undefined;
    const other = found.get(name);
    if (other !== undefined && other.folder !== folder) return { errors: [{ text: twice(name) }] };
    const isOptional = isOptionalImport(importer, name);
    found.set(name, { name, folder, isOptional: isOptional && other?.isOptional !== false });
    return { path, external: true };
  }

  function resolveFile({ path, resolveDir }: OnResolveArgs): OnResolveResult | undefined {
    if (packageName(path) !== undefined && !isAbsolute(path)) return undefined;
    const file = resolve(resolveDir, path);
    if (!existsSync(file)) return undefined;
    const real = realpathSync(file);
    const inside = relative(sourceDir, real).replaceAll(sep, '/');
    const owner = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(real.replaceAll(sep, '/'))?.[1];
    if (owner !== undefined) {
      late.add(owner);
      return { path, external: true };
    }
    if (!inside.startsWith('../') && !isAbsolute(inside)) return { path: `./${inside}`, external: true };
    return { errors: [{ text: misplaced(path) }] };
  }

  return {
    plugin: {
      name: 'furrow-external-packages',
      setup(builder) {
        builder.onResolve({ filter: /^[^./#]/ }, resolvePackage);
        builder.onResolve({ filter: /\.node$/ }, resolveFile);
      },
    },
    found: () => [...found.values()],
    late: () => [...late],
  };
}

/** `sharp` of `sharp/lib/index.js`, `@img/colour` of `@img/colour`; `undefined` for a path. */
function packageName(specifier: string): string | undefined {
  return /^(?:@[^/]+\/)?[^./@#][^/]*/.exec(specifier)?.[0];
}

function twice(name: string): string {
  return `"${name}" cannot be bundled and is installed twice. Only one can stand beside the bundle: run "npm dedupe".`;
}

function misplaced(path: string): string {
  return `The native file "${path}" is outside of the function's folder. Move it there, or name its package in "external".`;
}
