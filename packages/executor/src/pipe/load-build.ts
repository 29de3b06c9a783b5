import Module, { createRequire } from 'node:module';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Handler } from './runner.ts';

interface Build {
  readonly handler?: Handler;
}

/** What `node:module` offers to loaders, and its types leave out. */
interface Compiling {
  _compile(code: string, fileName: string): void;
}

/** Node keeps a source map as long as the module that it came with. */
let mapped: Compiling | undefined;

/** Loads a built function. Builds are CommonJS, unless they end in `.mjs`; beside each lies its source map. */
export async function loadBuild(entry: string): Promise<Build> {
  if (entry.endsWith('.mjs')) return import(pathToFileURL(entry).href);
  process.setSourceMapsEnabled(false);
  try {
    return createRequire(entry)(entry);
  } finally {
    process.setSourceMapsEnabled(true);
    registerMap(entry);
  }
}

/**
 * Tells Node the build's source map.
 *
 * With the build itself Node would measure all of its lines at once, needed or not: 2.5 ms and four megabytes for a function
 * that sends. A stack is mapped when it is first read, so that errors of the build's own loading are mapped as well.
 */
function registerMap(entry: string): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  mapped = new Module(entry) as unknown as Compiling;
  // oxlint-disable-next-line no-underscore-dangle
  mapped._compile(`//# sourceMappingURL=${basename(entry)}.map`, entry);
}
