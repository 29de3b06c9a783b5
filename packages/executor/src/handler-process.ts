import { spawn, type ChildProcess } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { Clock, FunctionFailure } from '@furrow/protocol';
import { createHandover, type EventText, type Handover, type OnEnd } from './handover.ts';
import { createBatch } from './pipe/batch.ts';
import type { Init } from './pipe/bootstrap.ts';
import { createFrameReader, toChild, toParent } from './pipe/codec.ts';
import type { Left } from './pipe/left-behind.ts';
import { createKnownConnections } from './pipe/known-connections.ts';
import { createManagementReader, type Manage } from './pipe/management.ts';
import { closeTicketFile, openTicketFile } from './pipe/tickets.ts';
import { residentBytes } from './resident-memory.ts';
import { exitFailure, exitStatus, initTimeoutFailure, pipeFailure } from './process-failure.ts';

export interface ProcessOptions {
  /** The built bootstrap, an absolute path. */
  readonly bootstrapFile: string;
  /** The Node that runs it, an absolute path. @default the one that runs this */
  readonly nodeFile?: string | undefined;
  /** What the process sees from its first moment on; the function's own variables come with `load`. */
  readonly env: Readonly<Record<string, string>>;
  readonly manage: Manage;
  /** Whether nothing goes on in it between two events. */
  readonly isFrozen: boolean;
  /** Time-outs of loading and of events go by it. */
  readonly clock: Clock;
  /** What tells which of the events that were handed over ahead have begun; an absolute path. */
  readonly ticketFile: string;
  /** `requestId` is of the event that printed it, where that is known. */
  onOutput(stream: 'stdout' | 'stderr', text: string, requestId?: string): void;
  /** The process failed outside of any event. */
  onStray(failure: FunctionFailure): void;
  /** It holds more memory than its function may, and is ended, as on Lambda. */
  onTooLarge(bytes: number): void;
  /** An event has ended and left work running. */
  onLeftBehind(left: Left): void;
  /** The process has ended, for whatever reason; no event runs in it any more. */
  onExit(): void;
}

/** One execution environment: a process that has loaded at most one function. */
export interface HandlerProcess {
  /** Loads a function. `undefined` when it can take events, else why not. */
  load(init: Omit<Init, 'isFrozen'>): Promise<FunctionFailure | undefined>;
  /**
   * Runs one event, behind or beside those that it was given before. Past `timeoutMs` it has failed.
   *
   * `onEnd` comes once, with `undefined` when the event did not begin here and never will: another process can run it.
   * `onBegin` comes when an event that was behind others begins.
   */
  invoke(event: EventText, timeoutMs: number, onEnd: OnEnd, onBegin?: () => void): void;
  /** Takes back the events that have not begun. */
  takeBack(): void;
  /** A connection has ended: what running events send to it is refused from now on. */
  gone(connectionId: string): void;
  /** Lets the process end by itself; kills it when it has not after `graceMs`. */
  end(graceMs: number): Promise<void>;
  /** Ends it when it holds more memory than its function may. Its event fails in Lambda's words. */
  checkMemory(): void;
  /** Whether it may take an event: no longer once it was killed, has failed or says that it ends. */
  readonly isUsable: boolean;
  /** Events that it was given and has not answered. */
  readonly eventCount: number;
  /** When the running event began; `performance.now()` */
  readonly runningSinceMs: number;
  /** How long the last event took in the process; `undefined` of the first, whose code was cold. */
  readonly lastEventMs: number | undefined;
  /** Whether events may be handed over ahead, behind the running one. */
  readonly mayQueue: boolean;
  /** Whether another process should take its place when it has nothing to do. */
  readonly isWorn: boolean;
}

/** Longest time that loading a function may take (fact H22). */
const initTimeoutMs = 10_000;
/** Longest time between the word that a process ends and its end. */
const endingGraceMs = 2000;
/** Longest wait for frames that are on the way when the process has ended; its own children may hold the pipe open. */
const lastFramesMs = 200;
/** Lets a frozen process run its next event. */
const thawByte = new Uint8Array(1);

export function startHandlerProcess(options: ProcessOptions): HandlerProcess {
  const { clock, isFrozen } = options;
  const tickets = isFrozen ? undefined : openTicketFile(options.ticketFile);
  const child = spawn(options.nodeFile ?? process.execPath, ['--enable-source-maps', options.bootstrapFile], {
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', isFrozen ? 'pipe' : (tickets ?? 'ignore')],
    windowsHide: true,
  });
  const pipe = pipeOf(child, 3);
  const thawPipe = isFrozen ? pipeOf(child, 4) : undefined;
  const batch = createBatch((data) => pipe.write(data));
  const known = createKnownConnections(batch);
  const managed = createManagementReader(batch, options.manage);
  let given: Handover | undefined;
  let loading: ((failure: FunctionFailure | undefined) => void) | undefined;
  let isUsable = true;
  /** It has said that it ends. */
  let isEnding = false;
  let hasExited = false;
  let isConcurrent = false;
  let lastEventMs: number | undefined;
  let isWarm = false;
  let maxBytes = Number.POSITIVE_INFINITY;

  function loaded(failure: FunctionFailure | undefined): void {
    loading?.(failure);
    loading = undefined;
  }

  function kill(): void {
    isUsable = false;
    child.kill('SIGKILL');
  }

  /** Events that run beside others end on their own terms. */
  function endWhenIdle(): void {
    if (isConcurrent && given !== undefined && given.count > 0) return;
    if (isEnding) setTimeout(kill, endingGraceMs).unref();
    else kill();
  }

  function openHandover(): Handover {
    return createHandover({
      batch,
      known,
      clock,
      isConcurrent,
      tickets,
      onTimeout() {
        // First, so that nobody gives it another event.
        isUsable = false;
        given?.takeBack();
        if (!isConcurrent) kill();
      },
      onIdle() {
        if (isConcurrent && !isUsable) endWhenIdle();
      },
    });
  }

  const onFrame: Readonly<Record<number, (payload: Buffer) => void>> = {
    [toParent.ready]: () => loaded(undefined),
    [toParent.initFailed]: (payload) => loaded(JSON.parse(payload.toString('utf8'))),
    [toParent.result](payload) {
      lastEventMs = isWarm ? payload.readDoubleLE(4) : undefined;
      isWarm = true;
      given?.answered(payload.readUInt32LE(0), { type: 'returned', value: JSON.parse(payload.toString('utf8', 12)) });
    },
    [toParent.failed](payload) {
      given?.answered(payload.readUInt32LE(0), { type: 'failed', failure: JSON.parse(payload.toString('utf8', 4)) });
    },
    [toParent.send]: (payload) => managed.read('send', payload),
    [toParent.close]: (payload) => managed.read('close', payload),
    [toParent.info]: (payload) => managed.read('info', payload),
    [toParent.output](payload) {
      const end = 2 + payload.readUInt8(1);
      const requestId = payload.toString('latin1', 2, end) || undefined;
      options.onOutput(payload[0] === 1 ? 'stdout' : 'stderr', payload.toString('utf8', end), requestId);
    },
    [toParent.stray]: (payload) => options.onStray(JSON.parse(payload.toString('utf8'))),
    [toParent.ending](payload) {
      // First, so that nobody gives it another event.
      isUsable = false;
      isEnding = true;
      given?.endsAfter(payload.readUInt32LE(0));
      endWhenIdle();
    },
    [toParent.leftBehind]: (payload) => options.onLeftBehind(JSON.parse(payload.toString('utf8'))),
  };
  const read = createFrameReader((kind, payload) => onFrame[kind]?.(payload));
  pipe.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
      managed.writeAnswers();
    } catch (error) {
      // Whatever wrote this, it was not our bootstrap: the handler has used its descriptor. The process is of no use.
      options.onStray(pipeFailure(error));
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
      given?.endAll((requestId) => exitFailure(status, requestId));
      if (tickets !== undefined) closeTicketFile(tickets);
      loaded(exitFailure(status, undefined));
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
    get eventCount() {
      return given?.count ?? 0;
    },
    get runningSinceMs() {
      return given?.runningSinceMs ?? 0;
    },
    get lastEventMs() {
      return lastEventMs;
    },
    get mayQueue() {
      return given?.mayQueue === true;
    },
    get isWorn() {
      return given?.isWorn === true;
    },
    load(init) {
      if (hasExited) return Promise.resolve(exitFailure(undefined, undefined));
      ({ isConcurrent } = init);
      maxBytes = init.facts.memoryMegabytes * 1024 * 1024;
      given = openHandover();
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
    invoke(event, timeoutMs, onEnd, onBegin) {
      if (!isUsable || given === undefined) throw new Error('This environment cannot take an event.');
      given.give(event, timeoutMs, onEnd, onBegin);
      thawPipe?.write(thawByte);
    },
    takeBack: () => given?.takeBack(),
    checkMemory() {
      const bytes = given === undefined || given.count === 0 ? undefined : residentBytes(child.pid ?? 0);
      if (bytes === undefined || bytes <= maxBytes || !isUsable) return;
      options.onTooLarge(bytes);
      kill();
    },
    gone(connectionId) {
      const isKnown = known.forget(connectionId);
      if (isKnown || given?.has(connectionId) === true) batch.push(toChild.gone, (frame) => frame.text(connectionId));
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
