import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Duplex } from 'node:stream';
import type { Clock, FunctionFailure, Invocation, Outcome } from '@furrow/protocol';
import { createBatch } from './pipe/batch.ts';
import type { Init } from './pipe/bootstrap.ts';
import { createFrameReader, toChild, toParent } from './pipe/codec.ts';
import type { Left } from './pipe/left-behind.ts';
import { createManagementReader, type Manage } from './pipe/management.ts';
import { exitFailure, exitStatus, initTimeoutFailure, timeoutFailure } from './process-failure.ts';

export interface ProcessOptions {
  /** The built bootstrap, an absolute path. */
  readonly bootstrapFile: string;
  /** What the process sees from its first moment on; the function's own variables come with `load`. */
  readonly env: Readonly<Record<string, string>>;
  readonly manage: Manage;
  /** Whether nothing goes on in it between two events. */
  readonly isFrozen: boolean;
  /** Time-outs of loading and of events go by it. */
  readonly clock: Clock;
  onOutput(stream: 'stdout' | 'stderr', text: string): void;
  /** The process failed outside of any event. */
  onStray(failure: FunctionFailure): void;
  /** An event has ended and left work running. */
  onLeftBehind(left: Left): void;
  /** The process has ended, for whatever reason; no event runs in it any more. */
  onExit(): void;
}

/** One execution environment: a process that has loaded at most one function and runs one event at a time. */
export interface HandlerProcess {
  /** Loads a function. `undefined` when it can take events, else why not. */
  load(init: Omit<Init, 'isFrozen'>): Promise<FunctionFailure | undefined>;
  /**
   * Runs one event; never rejects. Past `timeoutMs` the process is killed.
   *
   * `undefined` when the process ended before it began the event: another one can run it.
   */
  invoke(event: EventText, timeoutMs: number): Promise<Outcome | undefined>;
  /** A connection has ended: what the running event sends to it is refused from now on. */
  gone(connectionId: string): void;
  /** Lets the process end by itself; kills it when it has not after `graceMs`. */
  end(graceMs: number): Promise<void>;
  /** Whether it may take an event: no longer once it was killed, has failed or says that it ends. */
  readonly isUsable: boolean;
}

/** An event and the open connection it came from. */
export type EventText = Pick<Invocation, 'event' | 'openConnectionId'>;

interface Running {
  readonly openConnectionId: string | undefined;
  readonly sequence: number;
  readonly requestId: string;
  readonly callOff: () => void;
  readonly resolve: (outcome: Outcome | undefined) => void;
}

/** Longest time that loading a function may take (fact H22). */
const initTimeoutMs = 10_000;
/** Longest time between the word that a process ends and its end. */
const endingGraceMs = 1000;
/** Longest wait for frames that are on the way when the process has ended; its own children may hold the pipe open. */
const lastFramesMs = 200;
/** Lets a frozen process run its next event. */
const thawByte = new Uint8Array(1);

export function startHandlerProcess(options: ProcessOptions): HandlerProcess {
  const { clock, isFrozen } = options;
  const child = spawn(process.execPath, ['--enable-source-maps', options.bootstrapFile], {
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', ...(isFrozen ? (['pipe'] as const) : [])],
    windowsHide: true,
  });
  const pipe = pipeOf(child, 3);
  const thawPipe = isFrozen ? pipeOf(child, 4) : undefined;
  const batch = createBatch((data) => pipe.write(data));
  const managed = createManagementReader(batch, options.manage);
  let sequence = 0;
  let running: Running | undefined;
  let loading: ((failure: FunctionFailure | undefined) => void) | undefined;
  let isUsable = true;
  let hasExited = false;

  function settle(outcome: Outcome | undefined): void {
    if (running === undefined) return;
    const { callOff, resolve } = running;
    callOff();
    running = undefined;
    resolve(outcome);
  }

  function loaded(failure: FunctionFailure | undefined): void {
    loading?.(failure);
    loading = undefined;
  }

  function kill(): void {
    isUsable = false;
    child.kill('SIGKILL');
  }

  function ending(begun: number): void {
    isUsable = false;
    if (running !== undefined && running.sequence !== begun) settle(undefined);
    setTimeout(kill, endingGraceMs).unref();
  }

  const onFrame: Readonly<Record<number, (payload: Buffer) => void>> = {
    [toParent.ready]: () => loaded(undefined),
    [toParent.initFailed]: (payload) => loaded(JSON.parse(payload.toString('utf8'))),
    [toParent.result]: (payload) => {
      if (payload.readUInt32LE(0) !== running?.sequence) return;
      settle({ type: 'returned', value: JSON.parse(payload.toString('utf8', 4)) });
    },
    [toParent.failed]: (payload) => {
      if (payload.readUInt32LE(0) !== running?.sequence) return;
      settle({ type: 'failed', failure: JSON.parse(payload.toString('utf8', 4)) });
    },
    [toParent.send]: (payload) => managed('send', payload),
    [toParent.close]: (payload) => managed('close', payload),
    [toParent.info]: (payload) => managed('info', payload),
    [toParent.output]: (payload) =>
      options.onOutput(payload[0] === 1 ? 'stdout' : 'stderr', payload.toString('utf8', 1)),
    [toParent.stray]: (payload) => options.onStray(JSON.parse(payload.toString('utf8'))),
    [toParent.ending]: (payload) => ending(payload.readUInt32LE(0)),
    [toParent.leftBehind]: (payload) => options.onLeftBehind(JSON.parse(payload.toString('utf8'))),
  };
  const read = createFrameReader((kind, payload) => onFrame[kind]?.(payload));
  pipe.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch {
      // Whatever wrote this, it was not our bootstrap: the handler has used its descriptor. The process is of no use.
      kill();
    }
  });
  // A broken pipe means that the process is going away; `exit` tells the rest.
  pipe.on('error', () => {});
  thawPipe?.on('error', () => {});
  // A handler that closes our pipe has cut itself off.
  pipe.on('close', kill);
  child.stdout?.setEncoding('utf8').on('data', (text: string) => options.onOutput('stdout', text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => options.onOutput('stderr', text));

  const exited = new Promise<void>((resolve) => {
    const ended = (status: string | undefined) => {
      if (hasExited) return;
      hasExited = true;
      isUsable = false;
      const failure = exitFailure(status, running?.requestId);
      settle({ type: 'failed', failure });
      loaded(failure);
      options.onExit();
      resolve();
    };
    child.once('exit', (code, signal) => {
      isUsable = false;
      const end = () => ended(exitStatus(code, signal));
      if (pipe.closed) end();
      // Frames that are still on the way are read first.
      else pipe.once('close', end);
      setTimeout(() => pipe.destroy(), lastFramesMs).unref();
    });
    child.once('error', (error) => ended(error.message));
  });

  return {
    get isUsable() {
      return isUsable;
    },
    load(init) {
      if (hasExited) return Promise.resolve(exitFailure(undefined, undefined));
      batch.push(toChild.init, (frame) => frame.text(JSON.stringify({ ...init, isFrozen } satisfies Init)));
      batch.flush();
      return new Promise((resolve) => {
        const callOff = clock.after(initTimeoutMs, () => {
          loaded(initTimeoutFailure(initTimeoutMs));
          kill();
        });
        loading = (failure) => {
          callOff();
          resolve(failure);
        };
      });
    },
    invoke({ event, openConnectionId }, timeoutMs) {
      if (!isUsable || running !== undefined) throw new Error('This environment cannot take an event.');
      sequence = (sequence + 1) >>> 0;
      const requestId = randomUUID();
      batch.push(toChild.invoke, (frame) => {
        frame.uint32(sequence);
        frame.double(Date.now() + timeoutMs);
        frame.text(requestId);
        frame.uint8(openConnectionId?.length ?? 0);
        frame.text(openConnectionId ?? '');
        frame.text(event);
      });
      thawPipe?.write(thawByte);
      return new Promise((resolve) => {
        const callOff = clock.after(timeoutMs, () => {
          // First, so that nobody gives it another event.
          kill();
          settle({ type: 'failed', failure: timeoutFailure(requestId, timeoutMs) });
        });
        running = { sequence, requestId, openConnectionId, callOff, resolve };
      });
    },
    gone(connectionId) {
      if (running?.openConnectionId === connectionId) batch.push(toChild.gone, (frame) => frame.text(connectionId));
    },
    async end(graceMs) {
      isUsable = false;
      if (hasExited) return;
      pipe.end();
      thawPipe?.end();
      const timer = setTimeout(kill, graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** A pipe to a process. One that the system refused to start has none; its `error` event tells why. */
function pipeOf(child: ChildProcess, descriptor: 3 | 4): Duplex {
  const stdio: readonly unknown[] | undefined = child.stdio;
  const pipe = stdio?.[descriptor];
  return pipe instanceof Duplex ? pipe : new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
}
