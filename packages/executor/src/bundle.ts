import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { build, type BuildOptions, type BuildResult, type Message } from 'esbuild';
import { inBuilder } from './builder-process.ts';
import { commonjsPlugin } from './bundle-commonjs.ts';
import { functionsPlugin, unbundledSdkPlugin } from './bundle-plugins.ts';
import { sdk2Plugin } from './bundle-sdk-2.ts';
import { lacksCommonjsExport } from './commonjs-exports.ts';
import { externalPackages, type ExternalPackage, type ExternalPackages } from './external-packages.ts';
import type { BuildTarget } from './function.ts';
import { importedAs, isImportedByOthers, lacksHandler, mentionsPlugin, type HandlerPlace } from './handler-export.ts';
import { findHandlerFile, handlerExport } from './handler-file.ts';
import { moduleFormat } from './module-format.ts';
import { followFolders, foldersReadByPath, readsStaticManifest, type SharedFolder } from './shared-folder.ts';
import { sharedPlugin } from './shared-plugin.ts';
import { entryName, shippedSourceMap } from './shipped-source-map.ts';

/** One fault of the author's source. Lines and columns count from 1; `file` is relative to the project. */
export interface BuildProblem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The text of the line. */
  readonly text?: string;
  readonly length?: number;
}

export interface Bundle {
  /** `index.js` (CommonJS) or `index.mjs`. */
  readonly fileName: string;
  readonly code: Uint8Array;
  readonly sourceMap: Uint8Array;
  /** Absolute paths of all files that went in, links followed. */
  readonly inputs: ReadonlySet<string>;
  /** Packages that must stand beside it, in `node_modules`. */
  readonly externals: readonly ExternalPackage[];
  /** Folders of the app that must stand beside it, in `node_modules/@architect`: it may read their files. */
  readonly shared: readonly SharedFolder[];
  /** Whether it may look for `node_modules/@architect/shared/static.json`. */
  readonly readsStaticManifest: boolean;
  /** Whether code of the app imports what it names only when it runs; known of what is shipped. */
  readonly importsByPath: boolean;
  /** The export that the handler's file certainly lacks; looked for in what is shipped. */
  readonly missingExport?: HandlerPlace;
}

export interface BundleOptions {
  /** Absolute path. */
  readonly projectDir: string;
  /** Where the file will stand: source maps are relative to it. */
  readonly outDir: string;
  /**
   * Whether it is for AWS: small, and the same bytes wherever the project is.
   *
   * @default false
   */
  readonly isShipped?: boolean;
  /** What static files are called on AWS, by the names that they have in the app. @default none */
  readonly staticManifest?: Readonly<Record<string, string>>;
}

export type BundleResult =
  | { readonly type: 'built'; readonly bundle: Bundle }
  | { readonly type: 'missing' }
  | { readonly type: 'broken'; readonly problems: readonly BuildProblem[] };

const isSource = import.meta.url.endsWith('.ts');
const entryFolder = join(import.meta.dirname, 'entry');
const wrappers = {
  any: wrapperFile('handler'),
  http: wrapperFile('http-result'),
  queues: wrapperFile('queue-result'),
} as const;
const adapters = { any: 'adapt', http: 'adaptHttp', queues: 'adaptQueue' } as const;
const fileNames = { esm: 'index.mjs', cjs: 'index.js' } as const;

/** What esbuild says of `require(name)` and `import(name)`: their files are not in the bundle. */
const byPath = { 'unsupported-require-call': 'warning', 'unsupported-dynamic-import': 'warning' } as const;

/** ES modules lack what CommonJS packages inside them may use; names that no author's code declares give it back. */
const esmBanner = [
  `import { createRequire as furrowCreateRequire } from 'node:module';`,
  `globalThis.require ??= furrowCreateRequire(import.meta.url);`,
  `globalThis.__filename ??= import.meta.filename; globalThis.__dirname ??= import.meta.dirname;`,
].join(' ');

/**
 * Builds one function into one file, for the sandbox and for AWS alike; writes nothing.
 *
 * The author's handler is wrapped by `entry/`: callbacks become promises, and an HTTP result without a status gets one.
 */
export async function bundleFunction(target: BuildTarget, options: BundleOptions): Promise<BundleResult> {
  const handlerFile = await findHandlerFile(target.sourceDir, target.handler);
  if (handlerFile === undefined) return { type: 'missing' };
  const text = await readFile(handlerFile, 'utf8');
  const format = moduleFormat(handlerFile, text);
  const sourceDir = await realpath(target.sourceDir);
  const exportName = handlerExport(target.handler);
  const shared = await followFolders(target.shared ?? []);
  const place = { ...options, kind: target.kind, sourceDir, shared, handlerFile, exportName, format, text };
  const named = [...(target.external ?? [])];
  try {
    for (;;) {
      const outside = externalPackages({ sourceDir, named });
      const result = await inBuilder(() => build(buildOptions(place, outside)));
      const late = outside.late().filter((name) => !named.includes(name));
      if (late.length === 0) {
        const isMissing = place.isShipped === true && (await isHandlerMissing(result, place));
        return { type: 'built', bundle: toBundle(result, { ...place, isMissing }, outside.found()) };
      }
      named.push(...late);
    }
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { type: 'broken', problems: error.errors.map(toProblem) };
  }
}

interface BuildPlace extends BundleOptions, HandlerPlace {
  readonly kind: BuildTarget['kind'];
  /** Links followed. */
  readonly sourceDir: string;
  readonly shared: readonly SharedFolder[];
  readonly format: 'esm' | 'cjs';
  /** Of the handler's file. */
  readonly text: string;
}

function buildOptions(place: BuildPlace, outside: ExternalPackages) {
  const { projectDir, outDir, kind, sourceDir, handlerFile, format, isShipped = false } = place;
  const { shared, staticManifest = {} } = place;
  return {
    stdin: {
      contents: entryCode(place),
      resolveDir: dirname(handlerFile),
      sourcefile: entryName,
    },
    absWorkingDir: projectDir,
    outfile: join(outDir, fileNames[format]),
    bundle: true,
    write: false,
    metafile: true,
    format,
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    loader: { '.js': 'jsx' },
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    conditions: isSource ? ['@furrow/source'] : [],
    plugins: [
      sharedPlugin({ folders: shared, sourceDir, format, staticManifest }),
      outside.plugin,
      functionsPlugin(import.meta.dirname),
      sdk2Plugin({ findsLocalServices: !isShipped }),
      unbundledSdkPlugin(projectDir),
      commonjsPlugin(projectDir),
      ...(isShipped ? [mentionsPlugin(place, wrappers[wrapperOf(kind)])] : []),
    ],
    ...(format === 'esm' && { banner: { js: esmBanner } }),
    ...(isShipped && { minify: true, keepNames: true, logOverride: byPath }),
  } as const satisfies BuildOptions;
}

function wrapperFile(name: string): string {
  return join(entryFolder, name + (isSource ? '.ts' : '.js'));
}

/** Results of the others reach nobody who looks into them. */
function wrapperOf(kind: BuildTarget['kind']): keyof typeof wrappers {
  return kind === 'http' || kind === 'queues' ? kind : 'any';
}

function entryCode({ handlerFile, exportName, kind }: BuildPlace): string {
  const wrapper = wrapperOf(kind);
  const adapter = adapters[wrapper];
  return [
    `import { ${adapter} } from ${JSON.stringify(wrappers[wrapper])};`,
    `import * as source from ${JSON.stringify(importedAs(handlerFile))};`,
    `export const handler = ${adapter}(source, ${JSON.stringify(exportName)});`,
  ].join('\n');
}

function toBundle(
  result: BuildResult<{ write: false; metafile: true }>,
  place: BuildPlace & { readonly isMissing: boolean },
  externals: readonly ExternalPackage[],
): Bundle {
  const { outputFiles, metafile, warnings } = result;
  const { projectDir, outDir, handlerFile, exportName, format, shared, isShipped, isMissing } = place;
  const code = outputFiles.find((file) => !file.path.endsWith('.map'));
  const sourceMap = outputFiles.find((file) => file.path.endsWith('.map'));
  if (code === undefined || sourceMap === undefined) throw new Error('esbuild gave no output.');
  const importsByPath = warnings.some(({ id, location }) => id in byPath && isAuthors(location?.file));
  const readsUnknown = importsByPath || externals.length > 0;
  const inputs = Object.keys(metafile.inputs).filter(isFile);
  return {
    fileName: fileNames[format],
    code: code.contents,
    sourceMap: isShipped
      ? Buffer.from(shippedSourceMap(sourceMap.text, { projectDir, mapDir: outDir }))
      : sourceMap.contents,
    inputs: new Set(inputs.map((input) => resolve(projectDir, input))),
    externals,
    shared: foldersReadByPath(shared, { code: code.contents, readsUnknown }),
    readsStaticManifest: readsUnknown || readsStaticManifest(code.contents),
    importsByPath,
    ...(isMissing && { missingExport: { handlerFile, exportName } }),
  };
}

/** What others make of the exports of CommonJS, its text does not say. */
async function isHandlerMissing(result: BuildResult<{ metafile: true }>, place: BuildPlace): Promise<boolean> {
  const { handlerFile, exportName, text, format } = place;
  if (lacksHandler(result, place)) return true;
  if (format === 'esm' || isImportedByOthers(result, place)) return false;
  return inBuilder(() => lacksCommonjsExport(handlerFile, text, exportName));
}

/** Modules that the build writes itself have their kind before a colon, at more than a drive's length. */
function isFile(input: string): boolean {
  return basename(input) !== entryName && !/^[\w()-]{2,}:/.test(input);
}

/** Whether a file, relative to the project, is the app's own code. */
function isAuthors(file = ''): boolean {
  return !file.includes('node_modules') && !file.startsWith('..');
}

function toProblem({ text, location }: Message): BuildProblem {
  if (location === null) return { message: text };
  return {
    message: text,
    file: location.file,
    line: location.line,
    column: location.column + 1,
    text: location.lineText,
    length: location.length,
  };
}

function isBuildFailure(error: unknown): error is { readonly errors: readonly Message[] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
