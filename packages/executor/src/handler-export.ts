import { basename, dirname } from 'node:path';
import type { BuildResult, Plugin } from 'esbuild';
import { entryName } from './shipped-source-map.ts';

export interface HandlerPlace {
  /** Absolute path. */
  readonly handlerFile: string;
  /** `handler` */
  readonly exportName: string;
}

const namespace = 'furrow-mentions';

/**
 * Names what the entry may take from the handler's file: the handler, and a default that may have it.
 *
 * The wrapper looks for it when it runs, of which esbuild can say nothing; where it is named and not exported, esbuild warns.
 * It is named in a module of its own that the entry has its wrapper through: without effects, so nothing of it is in the
 * bundle. In the entry it would change how often letters occur, and so the short names of a minified build.
 *
 * @param wrapper the file that the entry imports.
 */
export function mentionsPlugin({ handlerFile, exportName }: HandlerPlace, wrapper: string): Plugin {
  const contents = [
    `export * from ${JSON.stringify(wrapper)};`,
    `import * as source from ${JSON.stringify(importedAs(handlerFile))};`,
    mention(exportName),
    mention('default'),
  ].join('\n');
  return {
    name: 'furrow-mentions',
    setup(builder) {
      builder.onResolve({ filter: /[\\/]entry[\\/]/ }, ({ path, importer }) => {
        const isEntrys = path === wrapper && basename(importer) === entryName;
        return isEntrys ? { path: 'wrapper', namespace, sideEffects: false } : undefined;
      });
      builder.onLoad({ filter: /^/, namespace }, () => ({ contents, resolveDir: dirname(handlerFile) }));
    },
  };
}

function mention(name: string): string {
  return `() => source[${JSON.stringify(name)}];`;
}

/** How a module beside it imports the handler's file. */
export function importedAs(handlerFile: string): string {
  return `./${basename(handlerFile)}`;
}

/**
 * Whether a file certainly does not export its handler, by a build with `mentionsPlugin`.
 *
 * What is known only when it runs gets no warning: what comes from CommonJS that mentions `exports`, `module` or `this`, or
 * from a package outside of the bundle.
 */
export function lacksHandler({ metafile, warnings }: Built, { handlerFile, exportName }: HandlerPlace): boolean {
  const isUndefined = (name: string) =>
    warnings.some(({ id, location }) => id === 'import-is-undefined' && location?.lineText === mention(name));
  return isUndefined(exportName) && (isUndefined('default') || !isEsModule(metafile, handlerFile));
}

/** Whether another file than the entry has the exports of the handler's file in its hands. */
export function isImportedByOthers({ metafile }: Pick<Built, 'metafile'>, { handlerFile }: HandlerPlace): boolean {
  const { inputs } = metafile;
  const mentions = Object.entries(inputs).find(([path]) => path.startsWith(`${namespace}:`));
  const own = mentions?.[1].imports.find(({ original }) => original === importedAs(handlerFile))?.path;
  const importers = Object.values(inputs).filter(({ imports }) => imports.some(({ path }) => path === own));
  // The entry, and the module that mentions it.
  return own === undefined || importers.length > 2;
}

type Built = Pick<BuildResult<{ metafile: true }>, 'metafile' | 'warnings'>;

/** Other modules have a default, and where they export nothing that is an empty object. What is not found may be one. */
function isEsModule({ inputs }: Built['metafile'], handlerFile: string): boolean {
  const mentions = Object.entries(inputs).find(([path]) => path.startsWith(`${namespace}:`));
  const imported = mentions?.[1].imports.find(({ original }) => original === importedAs(handlerFile));
  return imported === undefined || inputs[imported.path]?.format === 'esm';
}
