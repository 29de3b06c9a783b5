import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { bundleFunction, type BuildProblem, type Bundle } from './bundle.ts';
import { loadFailures } from './errors.ts';
import type { RunnableFunction } from './function.ts';
import type { FunctionFailure } from '@furrow/protocol';

/** How the last build of a function went. */
export interface BuildReport {
  readonly functionName: string;
  readonly label: string;
  readonly durationMs: number;
  /** Why it cannot be run; absent when it was built. The last good version keeps serving. */
  readonly failure?: FunctionFailure;
  readonly problems: readonly BuildProblem[];
  /** Whether what runs from now on differs from what ran before. */
  readonly hasChanged: boolean;
}

export interface FunctionBuild {
  readonly target: RunnableFunction;
  /** Absolute path of the folder that the handler is loaded from. */
  readonly outDir: string;
  /** The file to load: the last good build. `undefined` before the first one. */
  readonly entry: () => string | undefined;
  /** Why there is no entry. */
  readonly failure: () => FunctionFailure;
  /** Whether a changed file (absolute path) may change this function. */
  isTouchedBy(file: string): boolean;
  run(): Promise<BuildReport>;
}

const skippedFolders = new Set(['node_modules', '.git', '.furrow']);

/** The build of one function, kept up to date in `.furrow/build`. */
export function openBuild(target: RunnableFunction, projectDir: string): FunctionBuild {
  const outDir = join(projectDir, '.furrow', 'build', target.name.replaceAll('/', '~'));
  let entry: string | undefined;
  let failure: FunctionFailure | undefined;
  let inputs: ReadonlySet<string> = new Set();
  let running = Promise.resolve<unknown>(undefined);

  async function runOnce(): Promise<BuildReport> {
    const startedAt = performance.now();
    const result = await bundleFunction(target, { projectDir, outDir });
    const report = (rest: Pick<BuildReport, 'problems' | 'hasChanged'>): BuildReport => ({
      functionName: target.name,
      label: target.label,
      durationMs: performance.now() - startedAt,
      ...(failure && { failure }),
      ...rest,
    });
    if (result.type !== 'built') {
      const problems = result.type === 'broken' ? result.problems : [];
      failure =
        result.type === 'missing' ? loadFailures.handlerMissing(target) : loadFailures.doesNotBuild(firstOf(problems));
      return report({ problems, hasChanged: false });
    }
    const hadFailed = failure !== undefined;
    failure = undefined;
    inputs = result.bundle.inputs;
    const hasChanged = await writeBuild(result.bundle, target.sourceDir, outDir);
    const isFirst = entry === undefined;
    entry = join(outDir, result.bundle.fileName);
    return report({ problems: [], hasChanged: hasChanged || isFirst || hadFailed });
  }

  return {
    target,
    outDir,
    entry: () => entry,
    failure: () => failure ?? loadFailures.doesNotBuild('It has not been built yet.'),
    isTouchedBy: (file) => failure !== undefined || inputs.has(file) || file.startsWith(target.sourceDir + sep),
    // One after the other: two saves in a row must not write the same files at once.
    run: () => {
      const next = running.then(runOnce);
      running = next.catch(() => {});
      return next;
    },
  };
}

function firstOf(problems: readonly BuildProblem[]): string {
  const [first] = problems;
  if (first === undefined) return 'It does not build.';
  return first.file === undefined ? first.message : `${first.file}:${first.line}:${first.column} ${first.message}`;
}

/** Writes the bundle and what its folder needs beside it. Returns whether anything differs from what was there. */
async function writeBuild(bundle: Bundle, sourceDir: string, outDir: string): Promise<boolean> {
  await mkdir(outDir, { recursive: true });
  const kept = new Set([bundle.fileName, `${bundle.fileName}.map`]);
  let hasChanged = await writeIfChanged(join(outDir, bundle.fileName), bundle.code);
  await writeIfChanged(join(outDir, `${bundle.fileName}.map`), bundle.sourceMap);
  for (const file of await filesBelow(sourceDir)) {
    const name = relative(sourceDir, file);
    if (bundle.inputs.has(file) || kept.has(name)) continue;
    kept.add(name);
    hasChanged = (await copyIfChanged(file, join(outDir, name))) || hasChanged;
  }
  for (const file of await filesBelow(outDir)) {
    if (!kept.has(relative(outDir, file))) await rm(file, { force: true });
  }
  return hasChanged;
}

async function writeIfChanged(file: string, data: Uint8Array): Promise<boolean> {
  const known = await readFile(file).catch(() => undefined);
  if (known?.equals(data)) return false;
  await writeFile(file, data);
  return true;
}

async function copyIfChanged(from: string, to: string): Promise<boolean> {
  const [wanted, known] = await Promise.all([readFile(from), readFile(to).catch(() => undefined)]);
  if (known?.equals(wanted)) return false;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { dereference: true });
  return true;
}

/** All plain files below a folder, in a fixed order; folders that are never part of a function are left out. */
async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const item of (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, item.name);
    if (item.isDirectory()) {
      if (!skippedFolders.has(item.name)) found.push(...(await filesBelow(path)));
    } else if (item.isFile()) found.push(path);
  }
  return found;
}
