import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { eventText, type Clock, type FunctionFailure, type Outcome } from '@furrow/protocol';
import { launchFailures } from '../errors.ts';
import type { HandlerProcess } from '../handler-process.ts';
import type { OnEnd } from '../handover.ts';
import { exitFailure, exitStatus, initTimeoutFailure, timeoutFailure } from '../process-failure.ts';
import { residentBytes } from '../resident-memory.ts';
import type { Launch } from './launch.ts';
import { createLineBatch } from './lines.ts';
import { openRuntimeApi, type RuntimeApi } from './server.ts';

export interface RuntimeProcessOptions {
  readonly launch: Launch;
  /** What every process sees: PATH, HOME. The function's own variables come with `load`. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether nothing goes on in it between two events. */
  readonly isFrozen: boolean;
  /** Time-outs of loading and of events go by it. */
  readonly clock: Clock;
  onOutput(stream: 'stdout' | 'stderr', text: string): void;
  /** The process failed outside of any event. */
  onStray(failure: FunctionFailure): void;
  /** It holds more memory than its function may, and is ended, as on Lambda. */
  onTooLarge(bytes: number): void;
  /** The process has ended, for whatever reason; no event runs in it any more. */
  onExit(): void;
}

interface Running {
  readonly requestId: string;
  readonly sinceMs: number;
  /** Whether the process has got it. */
  hasBegun: boolean;
  readonly callOff: () => void;
  readonly onEnd: OnEnd;
}

/** Longest time until the first question for an event (fact H22). */
const initTimeoutMs = 10_000;
/** Longest wait for output that is on the way when the process has ended; its own children may hold its pipes open. */
const lastOutputMs = 200;
/** Processes get a group of their own, so that what they start ends with them. */
const hasGroups = process.platform !== 'win32';

/**
 * Starts an environment of a function in any language: its process, when it loads, and the Runtime API that it talks to.
 *
 * It runs one event at a time, and none is handed over before its process has asked for it.
 */
export function startRuntimeProcess(options: RuntimeProcessOptions): HandlerProcess {
  const { launch, clock, isFrozen } = options;
  let api: RuntimeApi | undefined;
  let child: ChildProcess | undefined;
  let running: Running | undefined;
  let loading: ((failure: FunctionFailure | undefined) => void) | undefined;
  let lastEventMs = 0;
  let maxBytes = Number.POSITIVE_INFINITY;
  let isUsable = true;
  /** Whether its end is our doing. */
  let isEnding = false;
  let hasExited = false;
  let exited: (() => void) | undefined;
  const whenExited = new Promise<void>((resolve) => (exited = resolve));

  function settle(outcome: Outcome | undefined): void {
    if (running === undefined) return;
    const { callOff, sinceMs, onEnd } = running;
    callOff();
    lastEventMs = performance.now() - sinceMs;
    running = undefined;
    onEnd(outcome);
  }

  function loaded(failure: FunctionFailure | undefined): void {
    loading?.(failure);
    loading = undefined;
  }

  function signal(name: NodeJS.Signals): void {
    if (child?.pid === undefined) return;
    try {
      process.kill(hasGroups ? -child.pid : child.pid, name);
    } catch {
      // It has ended by itself.
    }
  }

  function kill(): void {
    isUsable = false;
    isEnding = true;
    signal('SIGKILL');
  }

  function ended(failure: FunctionFailure): void {
    if (hasExited) return;
    hasExited = true;
    isUsable = false;
    if (running === undefined && loading === undefined && !isEnding) options.onStray(failure);
    settle(running?.hasBegun === false ? undefined : { type: 'failed', failure });
    loaded(failure);
    api?.close();
    options.onExit();
    exited?.();
  }

  function waits(): void {
    loaded(undefined);
    if (isFrozen && hasGroups && running === undefined) signal('SIGSTOP');
  }

  function start(init: Parameters<HandlerProcess['load']>[0], address: string): void {
    const started = spawn(launch.command, launch.args, {
      cwd: init.cwd,
      env: { ...options.env, ...launch.env, ...init.env, AWS_LAMBDA_RUNTIME_API: address },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: hasGroups,
      windowsHide: true,
    });
    child = started;
    const output = createLineBatch((text) => options.onOutput('stdout', text));
    const errors = createLineBatch((text) => options.onOutput('stderr', text));
    started.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => output.push(text))
      .on('end', () => output.flush());
    started.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => errors.push(text))
      .on('end', () => errors.flush());
    started.once('exit', () => {
      isUsable = false;
      // What it has started and left.
      signal('SIGKILL');
      setTimeout(() => {
        started.stdout.destroy();
        started.stderr.destroy();
      }, lastOutputMs).unref();
    });
    // After the last of its output.
    started.once('close', (code, name) => ended(exitFailure(exitStatus(code, name), running?.requestId)));
    started.once('error', (error) => ended(launchFailures.programMissing(launch.command, error.message)));
  }

  return {
    get isUsable() {
      return isUsable;
    },
    get eventCount() {
      return running === undefined ? 0 : 1;
    },
    get runningSinceMs() {
      return running?.sinceMs ?? 0;
    },
    get lastEventMs() {
      return lastEventMs;
    },
    // An event that its process has asked for has begun; none is handed over before.
    mayQueue: false,
    isWorn: false,
    takeBack() {},
    checkMemory() {
      const bytes = running === undefined || child?.pid === undefined ? undefined : residentBytes(child.pid);
      if (bytes === undefined || bytes <= maxBytes || !isUsable) return;
      options.onTooLarge(bytes);
      kill();
    },
    async load(init) {
      maxBytes = init.facts.memoryMegabytes * 1024 * 1024;
      api = await openRuntimeApi({
        functionArn: init.facts.functionArn,
        onWaiting: waits,
        onBegun() {
          if (running !== undefined) running.hasBegun = true;
        },
        onOutcome: settle,
        onInitError(failure) {
          isUsable = false;
          isEnding = true;
          loaded(failure);
        },
      });
      if (isEnding) {
        api.close();
        return exitFailure(undefined, undefined);
      }
      const { address } = api;
      return new Promise((resolve) => {
        const callOff = clock.after(initTimeoutMs, () => {
          kill();
          loaded(initTimeoutFailure(initTimeoutMs));
        });
        loading = (failure) => {
          callOff();
          resolve(failure);
        };
        start(init, address);
      });
    },
    invoke({ event }, timeoutMs, onEnd) {
      if (!isUsable || api === undefined || running !== undefined) {
        throw new Error('This environment cannot take an event.');
      }
      const requestId = randomUUID();
      const callOff = clock.after(timeoutMs, () => {
        // First, so that nobody gives it another event.
        kill();
        settle({ type: 'failed', failure: timeoutFailure(requestId, timeoutMs) });
      });
      running = { requestId, sinceMs: performance.now(), hasBegun: false, callOff, onEnd };
      if (isFrozen) signal('SIGCONT');
      api.put({ requestId, text: eventText(event), deadlineAtMs: Date.now() + timeoutMs });
    },
    gone() {
      // Sends come by HTTP to `@connections`, which knows by itself who is gone.
    },
    async end(graceMs) {
      isUsable = false;
      isEnding = true;
      if (hasExited) return;
      if (child === undefined) {
        options.onExit();
        return;
      }
      signal('SIGTERM');
      if (isFrozen) signal('SIGCONT');
      const timer = setTimeout(kill, graceMs);
      await whenExited;
      clearTimeout(timer);
    },
  };
}
