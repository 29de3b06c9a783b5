import type { Clock, FunctionFailure, OnEvent } from '@furrow/protocol';
import type { RunnableFunction } from '../function.ts';
import type { HandlerProcess } from '../handler-process.ts';
import { exitFailure } from '../process-failure.ts';
import { tooLargeNotice, watchMemory } from '../resident-memory.ts';
import { findLaunch, type Launch, type LaunchFound } from './launch.ts';
import { startRuntimeProcess } from './runtime-process.ts';

export interface RuntimeSupplyOptions {
  /** Absolute path. */
  readonly projectDir: string;
  /** What every process sees: PATH, HOME. */
  readonly env: Readonly<Record<string, string>>;
  readonly onEvent: OnEvent;
  /** Whether processes stand still between two events, as on Lambda. */
  readonly isFrozen: boolean;
  readonly clock: Clock;
}

export type RuntimeStarted =
  | { readonly type: 'started'; readonly process: HandlerProcess }
  | { readonly type: 'failed'; readonly failure: FunctionFailure };

/** All processes of one executor that speak Lambda's Runtime API. */
export interface RuntimeSupply {
  /** A process for a function, which has to `load` it yet. `outDir` is where the function was built into. */
  start(target: RunnableFunction, outDir: string, onExit: () => void): Promise<RuntimeStarted>;
  /** Ends all processes, whatever they do; resolves when they are gone. */
  close(): Promise<void>;
}

export function openRuntimeSupply({ projectDir, onEvent, ...options }: RuntimeSupplyOptions): RuntimeSupply {
  const processes = new Set<HandlerProcess>();
  /** What was found for a function: looking for a Python means to start it. */
  const found = new Map<string, LaunchFound>();
  const told = new Set<string>();
  let isClosed = false;
  const endWatch = watchMemory(processes);

  async function look(target: RunnableFunction, outDir: string): Promise<LaunchFound> {
    const key = JSON.stringify([target.name, target.runtime, target.handler, target.command]);
    const known = found.get(key) ?? (await findLaunch(target, { projectDir, outDir, env: options.env }));
    // What is missing may be there the next time.
    if (known.type === 'found') found.set(key, known);
    return known;
  }

  function startWith(target: RunnableFunction, launch: Launch, onExit: () => void) {
    const facts = () => ({ atMs: options.clock.now(), functionName: target.name });
    const process = startRuntimeProcess({
      ...options,
      launch,
      onOutput: (stream, text) => onEvent({ type: 'output', ...facts(), stream, text }),
      onStray: (failure) => onEvent({ type: 'stray', ...facts(), failure }),
      onTooLarge: (bytes) =>
        onEvent({ type: 'notice', atMs: options.clock.now(), text: tooLargeNotice(target.name, bytes) }),
      onExit() {
        processes.delete(process);
        onExit();
      },
    });
    processes.add(process);
    return process;
  }

  return {
    async start(target, outDir, onExit) {
      const looked = await look(target, outDir);
      if (looked.type === 'failed') return looked;
      if (isClosed) return { type: 'failed', failure: exitFailure(undefined, undefined) };
      const { launch, notice } = looked;
      if (notice !== undefined && !told.has(notice)) {
        told.add(notice);
        onEvent({ type: 'notice', atMs: options.clock.now(), text: notice });
      }
      return { type: 'started', process: startWith(target, launch, onExit) };
    },
    async close() {
      isClosed = true;
      endWatch();
      await Promise.all(Array.from(processes, (process) => process.end(0)));
    },
  };
}
