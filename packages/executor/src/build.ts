import { basename, join, sep } from 'node:path';
import type { FunctionFailure } from '@furrow/protocol';
import { bundleFunction, type BuildProblem } from './bundle.ts';
import { launchFailures, loadFailures } from './errors.ts';
import { copyFolder, fillFolder, isMissing, namesBelow, sharedFiles } from './function-folder.ts';
import type { RunnableFunction } from './function.ts';
import { languageOf, otherHandlerFile } from './language.ts';
import { isInFolder, type SharedFolder } from './shared-folder.ts';

/** How the last build of a function went. */
export interface BuildReport {
  readonly functionName: string;
  readonly label: string;
  readonly durationMs: number;
  /** Why it cannot be run; absent when it was built. */
  readonly failure?: FunctionFailure;
  /** Whether events are run: by this build, or by the last good one. */
  readonly isServing: boolean;
  /** Whether there is no handler at all, so that nothing is wrong with one. */
  readonly isMissing: boolean;
  readonly problems: readonly BuildProblem[];
  /** Whether what runs from now on differs from what ran before. */
  readonly hasChanged: boolean;
}

export interface FunctionBuild {
  /** Absolute path of the folder that the handler is loaded from. */
  readonly outDir: string;
  /** The file to load: the last good build. `undefined` before the first one. */
  readonly entry: () => string | undefined;
  /** Why there is no entry. */
  readonly failure: () => FunctionFailure;
  /** Whether a changed file (absolute path) may change this function. */
  isTouchedBy(file: string): boolean;
  /** Absolute paths of all files that went into the last good build. */
  readonly inputs: () => ReadonlySet<string>;
  /** Builds; never rejects. Builds of one function run one after the other. */
  run(): Promise<BuildReport>;
  /** Resolves when every build that was asked for has ended. */
  settled(): Promise<unknown>;
}

type Built =
  | {
      readonly type: 'built';
      readonly fileName: string;
      readonly inputs: ReadonlySet<string>;
      /** Folders whose files the function may read, so that each of them counts. */
      readonly shared: readonly SharedFolder[];
      readonly hasChanged: boolean;
    }
  | {
      readonly type: 'failed';
      readonly failure: FunctionFailure;
      readonly problems: readonly BuildProblem[];
      readonly isMissing: boolean;
    };

/** Files that decide how others are understood, wherever they are. */
const settingsFiles = new Set(['package.json', 'tsconfig.json']);
/** Editors and git remove and write files while a build reads them; then it is as if they had been saved once more. */
const maxAttempts = 5;

/**
 * The build of one function, kept up to date in `.furrow/build`.
 *
 * @param after what has to end before the first build, because it writes to the same folder.
 */
export function openBuild(
  target: RunnableFunction,
  projectDir: string,
  after: Promise<unknown> = Promise.resolve(),
): FunctionBuild {
  const outDir = join(projectDir, '.furrow', 'build', target.name.replaceAll('/', '~'));
  let entry: string | undefined;
  let failure: FunctionFailure | undefined;
  let inputs: ReadonlySet<string> = new Set();
  let shared: readonly SharedFolder[] = [];
  let last = after;

  async function runOnce(): Promise<BuildReport> {
    const startedAt = performance.now();
    const result = await buildInto(outDir, target, projectDir);
    const isNews = entry === undefined || failure !== undefined;
    failure = result.type === 'failed' ? result.failure : undefined;
    if (result.type === 'built') {
      ({ inputs, shared } = result);
      entry = join(outDir, result.fileName);
    }
    return {
      functionName: target.name,
      label: target.label,
      durationMs: performance.now() - startedAt,
      ...(failure && { failure }),
      isServing: entry !== undefined,
      isMissing: result.type === 'failed' && result.isMissing,
      problems: result.type === 'failed' ? result.problems : [],
      hasChanged: result.type === 'built' && (result.hasChanged || isNews),
    };
  }

  return {
    outDir,
    entry: () => entry,
    inputs: () => inputs,
    failure: () => failure ?? loadFailures.doesNotBuild('It has not been built yet.'),
    isTouchedBy: (file) =>
      failure !== undefined ||
      inputs.has(file) ||
      shared.some((each) => isInFolder(each, file)) ||
      file.startsWith(target.sourceDir + sep) ||
      settingsFiles.has(basename(file)),
    run: () => {
      const next = last.then(runOnce);
      last = next;
      return next;
    },
    settled: () => last,
  };
}

async function buildInto(outDir: string, target: RunnableFunction, projectDir: string): Promise<Built> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (languageOf(target) !== 'node') return await copyInto(outDir, target);
      const result = await bundleFunction(target, { projectDir, outDir });
      if (result.type === 'missing') return missing(target);
      if (result.type === 'broken') {
        const { problems } = result;
        return { type: 'failed', failure: loadFailures.doesNotBuild(firstOf(problems)), problems, isMissing: false };
      }
      const { fileName, inputs, shared } = result.bundle;
      const hasChanged = await fillFolder(outDir, target.sourceDir, result.bundle);
      return { type: 'built', fileName, inputs, shared, hasChanged };
    } catch (error) {
      if (isMissing(error) && attempt < maxAttempts) continue;
      const message = error instanceof Error ? error.message : String(error);
      return {
        type: 'failed',
        failure: loadFailures.cannotCopy(target, message),
        problems: [{ message }],
        isMissing: false,
      };
    }
  }
}

/** A function in another language runs from a copy of its folder, so that running events end on the old code. */
async function copyInto(outDir: string, target: RunnableFunction): Promise<Built> {
  const { runtime = '', handler, sourceDir } = target;
  const language = languageOf(target);
  if (language === 'unknown') {
    const failure = launchFailures.runtimeUnknown(runtime);
    return { type: 'failed', failure, problems: [{ message: failure.errorMessage }], isMissing: false };
  }
  const names = await namesBelow(sourceDir);
  const file = language === 'command' ? undefined : otherHandlerFile(runtime, handler);
  const wanted = file?.replaceAll('/', sep);
  if (names.length === 0 || (wanted !== undefined && !names.includes(wanted))) return missing(target);
  const shared = (target.shared ?? []).filter(({ isGiven }) => isGiven);
  const vendored = await sharedFiles(shared, 'vendor');
  const taken = new Set(vendored.map(({ name }) => name));
  const own = names.filter((name) => !taken.has(name));
  const files = [...own.map((name) => ({ name, from: join(sourceDir, name) })), ...vendored];
  const hasChanged = await copyFolder(outDir, files);
  const inputs = new Set(files.map(({ from }) => from));
  return { type: 'built', fileName: wanted ?? '', inputs, shared, hasChanged };
}

function missing(target: RunnableFunction): Built {
  return { type: 'failed', failure: loadFailures.handlerMissing(target), problems: [], isMissing: true };
}

function firstOf(problems: readonly BuildProblem[]): string {
  const [first] = problems;
  if (first === undefined) return 'It does not build.';
  return first.file === undefined ? first.message : `${first.file}:${first.line}:${first.column} ${first.message}`;
}
