import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionFailure } from '@furrow/protocol';
import { launchFailures } from '../errors.ts';
import type { RunnableFunction } from '../function.ts';
import { languageOf } from '../language.ts';
import { findPython, pythonCandidates, pythonPath } from './python.ts';

/** How the process of a function is started; it works in the function's built folder. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** What it sees where the function's own variables say nothing else. */
  readonly env: Readonly<Record<string, string>>;
}

export type LaunchFound =
  | { readonly type: 'found'; readonly launch: Launch; readonly notice?: string }
  | { readonly type: 'failed'; readonly failure: FunctionFailure };

export interface LaunchPlace {
  /** Absolute paths: of the project, and of the folder that the function was built into. */
  readonly projectDir: string;
  readonly outDir: string;
  /** What every process sees: PATH, HOME. */
  readonly env: Readonly<Record<string, string>>;
}

/** Finds what runs a function in another language; it may have been installed since it was looked for last. */
export async function findLaunch(target: RunnableFunction, place: LaunchPlace): Promise<LaunchFound> {
  const { handler, runtime = '', command: [command, ...args] = [] } = target;
  const env = { _HANDLER: handler };
  switch (languageOf(target)) {
    case 'command':
      return { type: 'found', launch: { command: command ?? '', args, env } };
    case 'python':
      return findPythonLaunch(target, place);
    case 'ruby':
      return { type: 'found', launch: { command: 'aws_lambda_ric', args: [handler], env } };
    case 'bootstrap':
      return findBootstrap(join(place.outDir, 'bootstrap'), env);
    case 'node':
    case 'unknown':
      return { type: 'failed', failure: launchFailures.runtimeUnknown(runtime) };
  }
}

async function findBootstrap(file: string, env: Launch['env']): Promise<LaunchFound> {
  try {
    await access(file, constants.X_OK);
    return { type: 'found', launch: { command: file, args: [], env } };
  } catch {
    return { type: 'failed', failure: launchFailures.bootstrapNotExecutable() };
  }
}

async function findPythonLaunch(
  target: RunnableFunction,
  { projectDir, outDir, env }: LaunchPlace,
): Promise<LaunchFound> {
  const { handler, runtime = '', sourceDir } = target;
  const { platform } = process;
  const own = { _HANDLER: handler, PYTHONPATH: pythonPath(outDir, platform) };
  const candidates = pythonCandidates({ runtime, sourceDir, projectDir, platform });
  const python = await findPython(candidates, { ...env, ...own });
  if (python === undefined) return { type: 'failed', failure: launchFailures.pythonMissing(runtime) };
  if (!python.hasClient) return { type: 'failed', failure: launchFailures.clientMissing(python.name) };
  const launch = { command: python.file, args: ['-m', 'awslambdaric', handler], env: own };
  if (runtime === `python${python.version}`) return { type: 'found', launch };
  return { type: 'found', launch, notice: `${runtime} is not here: its functions run on Python ${python.version}.` };
}
