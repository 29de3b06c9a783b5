import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { FunctionFailure, Invocation, ManagementAnswer, ManagementRequest, Outcome } from '@furrow/protocol';
import { createBatch } from './pipe/batch.ts';
import type { Init } from './pipe/bootstrap.ts';
import { createFrameReader, noAnswer, toChild, toParent } from './pipe/codec.ts';

/** Answers what a handler asks of connections: at once where the connection is this node's own. */
export type Manage = (request: ManagementRequest) => ManagementAnswer | Promise<ManagementAnswer>;

export interface ProcessOptions {
  /** The built bootstrap, an absolute path. */
  readonly bootstrapFile: string;
  /** What the process sees from its first moment on; the function's own variables come with `load`. */
  readonly env: Readonly<Record<string, string>>;
  readonly manage: Manage;
  onOutput(stream: 'stdout' | 'stderr', text: string): void;
  /** The process failed outside of any event. */
  onStray(failure: FunctionFailure): void;
  /** The process has ended, for whatever reason; no event runs in it any more. */
  onExit(): void;
}

/** One execution environment: a process that has loaded at most one function and runs one event at a time. */
export interface HandlerProcess {
  /** Loads a function. `undefined` when it can take events, else why not. */
  load(init: Init): Promise<FunctionFailure | undefined>;
  /** Runs one event; never rejects. Past `timeoutMs` the process is killed. */
  invoke(event: EventText, timeoutMs: number): Promise<Outcome>;
  /** A connection has ended: what the running event sends to it is refused from now on. */
  gone(connectionId: string): void;
  /** Lets the process end by itself; kills it when it has not after `graceMs`. */
  end(graceMs: number): Promise<void>;
  readonly hasExited: boolean;
}

/** An event and the open connection it came from. */
export type EventText = Pick<Invocation, 'event' | 'openConnectionId'>;

interface Running {
  readonly openConnectionId: string | undefined;
  readonly sequence: number;
  readonly requestId: string;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (outcome: Outcome) => void;
}

/** Longest time that loading a function may take (fact H22). */
const initTimeoutMs = 10_000;

export function startHandlerProcess(options: ProcessOptions): HandlerProcess {
  const child = spawn(process.execPath, ['--enable-source-maps', options.bootstrapFile], {
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const pipe = child.stdio[3] as Duplex;
  const batch = createBatch((data) => pipe.write(data));
  let sequence = 0;
  let running: Running | undefined;
  let loading: ((failure: FunctionFailure | undefined) => void) | undefined;
  let hasExited = false;

  function settle(outcome: Outcome): void {
    if (running === undefined) return;
    const { timer, resolve } = running;
    clearTimeout(timer);
    running = undefined;
    resolve(outcome);
  }

  function loaded(failure: FunctionFailure | undefined): void {
    loading?.(failure);
    loading = undefined;
  }

  function answer(operation: number, reply: ManagementAnswer): void {
    batch.push(toChild.answer, (frame) => {
      frame.uint32(operation);
      frame.uint8(reply.type === 'done' ? 0 : reply.type === 'info' ? 1 : 2);
      if (reply.type === 'info') frame.text(JSON.stringify(reply.info));
      if (reply.type === 'refused') frame.text(reply.refusal);
    });
  }

  function managed(type: ManagementRequest['type'], payload: Buffer): void {
    const operation = payload.readUInt32LE(0);
    const end = 5 + (payload[4] as number);
    const connectionId = payload.toString('latin1', 5, end);
    const reply = options.manage({ type, connectionId, data: payload.subarray(end) });
    if (operation === noAnswer) return;
    if (reply instanceof Promise) void reply.then((later) => answer(operation, later));
    else answer(operation, reply);
  }

  const onFrame: Readonly<Record<number, (payload: Buffer) => void>> = {
    [toParent.ready]: () => loaded(undefined),
    [toParent.initFailed]: (payload) => loaded(JSON.parse(payload.toString('utf8')) as FunctionFailure),
    [toParent.result]: (payload) => {
      if (payload.readUInt32LE(0) !== running?.sequence) return;
      settle(resultOf(payload.toString('utf8', 4)));
    },
    [toParent.failed]: (payload) => {
      if (payload.readUInt32LE(0) !== running?.sequence) return;
      settle({ type: 'failed', failure: JSON.parse(payload.toString('utf8', 4)) as FunctionFailure });
    },
    [toParent.send]: (payload) => managed('send', payload),
    [toParent.close]: (payload) => managed('close', payload),
    [toParent.info]: (payload) => managed('info', payload),
    [toParent.output]: (payload) =>
      options.onOutput(payload[0] === 1 ? 'stdout' : 'stderr', payload.toString('utf8', 1)),
    [toParent.stray]: (payload) => options.onStray(JSON.parse(payload.toString('utf8')) as FunctionFailure),
  };
  const read = createFrameReader((kind, payload) => onFrame[kind]?.(payload));
  pipe.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch {
      // Whatever wrote this, it was not our bootstrap: the handler has used its descriptor. The process is of no use.
      child.kill('SIGKILL');
    }
  });
  // A broken pipe means that the process is going away; `exit` tells the rest.
  pipe.on('error', () => {});
  // A handler that closes our pipe has cut itself off.
  pipe.on('close', () => child.kill('SIGKILL'));
  child.stdout?.on('data', (chunk: Buffer) => options.onOutput('stdout', chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => options.onOutput('stderr', chunk.toString('utf8')));

  const exited = new Promise<void>((resolve) => {
    const ended = (status: string | undefined) => {
      if (hasExited) return;
      hasExited = true;
      const failure = exitFailure(status, running?.requestId);
      settle({ type: 'failed', failure });
      loaded(failure);
      options.onExit();
      resolve();
    };
    // Frames that are still on the way when the process ends are read first.
    const drained = new Promise((done) => pipe.once('close', done));
    child.once('exit', (code, signal) => void drained.then(() => ended(exitStatus(code, signal))));
    child.once('error', (error) => ended(error.message));
  });

  return {
    get hasExited() {
      return hasExited;
    },
    load(init) {
      if (hasExited) return Promise.resolve(exitFailure(undefined, undefined));
      batch.push(toChild.init, (frame) => frame.text(JSON.stringify(init)));
      batch.flush();
      return new Promise((resolve) => {
        const timer = setTimeout(() => child.kill('SIGKILL'), initTimeoutMs);
        loading = (failure) => {
          clearTimeout(timer);
          resolve(failure);
        };
      });
    },
    invoke({ event, openConnectionId }, timeoutMs) {
      if (hasExited || running !== undefined) throw new Error('This environment cannot take an event.');
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
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          settle({ type: 'failed', failure: timeoutFailure(requestId, timeoutMs) });
          child.kill('SIGKILL');
        }, timeoutMs);
        running = { sequence, requestId, openConnectionId, timer, resolve };
      });
    },
    gone(connectionId) {
      if (running?.openConnectionId === connectionId) batch.push(toChild.gone, (frame) => frame.text(connectionId));
    },
    async end(graceMs) {
      if (hasExited) return;
      pipe.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** What a handler returned. Anything else than JSON cannot come from our bootstrap. */
function resultOf(text: string): Outcome {
  return { type: 'returned', value: JSON.parse(text) as unknown };
}

function timeoutFailure(requestId: string, timeoutMs: number): FunctionFailure {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
    trace: [],
  };
}

function exitStatus(code: ChildProcess['exitCode'], signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `signal: ${signal}`;
  return code === 0 || code === null ? undefined : `exit status ${code}`;
}

/** Lambda's words for a runtime that ended in the middle of an event (fact H9). */
function exitFailure(status: string | undefined, requestId: string | undefined): FunctionFailure {
  const what =
    status === undefined ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${status}`;
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: requestId === undefined ? what : `RequestId: ${requestId} Error: ${what}`,
    trace: [],
  };
}
