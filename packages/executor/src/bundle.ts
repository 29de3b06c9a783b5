import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { build, type BuildOptions, type BuildResult, type Message } from 'esbuild';
import { commonjsPlugin } from './bundle-commonjs.ts';
import { functionsPlugin, unbundledSdkPlugin } from './bundle-plugins.ts';
import type { RunnableFunction } from './function.ts';
import { findHandlerFile, handlerExport } from './handler-file.ts';
import { moduleFormat } from './module-format.ts';

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
  /** Absolute paths of all files that went in. */
  readonly inputs: ReadonlySet<string>;
}

export type BundleResult =
  | { readonly type: 'built'; readonly bundle: Bundle }
  | { readonly type: 'missing' }
  | { readonly type: 'broken'; readonly problems: readonly BuildProblem[] };

const isSource = import.meta.url.endsWith('.ts');
const entryFolder = join(import.meta.dirname, 'entry');

/** ES modules lack what CommonJS packages inside them may use; names that no author's code declares give it back. */
const esmBanner = [
  `import { createRequire as furrowCreateRequire } from 'node:module';`,
  `globalThis.require ??= furrowCreateRequire(import.meta.url);`,
  `globalThis.__filename ??= import.meta.filename; globalThis.__dirname ??= import.meta.dirname;`,
].join(' ');

/**
 * Builds one function into one file, for the sandbox and for AWS alike; writes nothing.
 *
 * @param outDir where the file will stand: source maps are relative to it.
 *
 * The author's handler is wrapped by `entry/`: callbacks become promises, and an HTTP result without a status gets one.
 */
export async function bundleFunction(
  target: RunnableFunction,
  { projectDir, outDir }: { readonly projectDir: string; readonly outDir: string },
): Promise<BundleResult> {
  const handlerFile = await findHandlerFile(target.sourceDir, target.handler);
  if (handlerFile === undefined) return { type: 'missing' };
  const format = moduleFormat(handlerFile, await readFile(handlerFile, 'utf8'));
  try {
    const result = await build(options(target, { projectDir, outDir, handlerFile, format }));
    return { type: 'built', bundle: toBundle(result, format, projectDir) };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { type: 'broken', problems: error.errors.map(toProblem) };
  }
}

interface BuildPlace {
  readonly projectDir: string;
  readonly outDir: string;
  readonly handlerFile: string;
  readonly format: 'esm' | 'cjs';
}

function options(target: RunnableFunction, { projectDir, outDir, handlerFile, format }: BuildPlace) {
  return {
    stdin: {
      contents: entryCode(target, handlerFile),
      resolveDir: dirname(handlerFile),
      sourcefile: 'furrow-entry.js',
    },
    absWorkingDir: projectDir,
    outfile: join(outDir, format === 'esm' ? 'index.mjs' : 'index.js'),
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
    plugins: [functionsPlugin(import.meta.dirname), unbundledSdkPlugin(), commonjsPlugin(projectDir)],
    ...(format === 'esm' && { banner: { js: esmBanner } }),
  } as const satisfies BuildOptions;
}

function entryCode(target: RunnableFunction, handlerFile: string): string {
  const [file, adapter] = target.kind === 'http' ? ['http-result', 'adaptHttp'] : ['handler', 'adapt'];
  const wrapper = join(entryFolder, file + (isSource ? '.ts' : '.js'));
  return [
    `import { ${adapter} } from ${JSON.stringify(wrapper)};`,
    `import * as source from ${JSON.stringify(`./${basename(handlerFile)}`)};`,
    `export const handler = ${adapter}(source, ${JSON.stringify(handlerExport(target.handler))});`,
  ].join('\n');
}

function toBundle(
  result: BuildResult<{ write: false; metafile: true }>,
  format: 'esm' | 'cjs',
  projectDir: string,
): Bundle {
  const code = result.outputFiles.find((file) => !file.path.endsWith('.map'));
  const sourceMap = result.outputFiles.find((file) => file.path.endsWith('.map'));
  if (code === undefined || sourceMap === undefined) throw new Error('esbuild gave no output.');
  const inputs = Object.keys(result.metafile.inputs).map((input) => resolve(projectDir, input));
  return {
    fileName: format === 'esm' ? 'index.mjs' : 'index.js',
    code: code.contents,
    sourceMap: sourceMap.contents,
    inputs: new Set(inputs),
  };
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
