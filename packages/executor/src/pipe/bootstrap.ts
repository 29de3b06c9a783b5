import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import { pathToFileURL } from 'node:url';
import { handlerChannelKey, limits, type ManagementAnswer, type ManagementRequest } from '@furrow/protocol';
import type { AuthorFolders } from './authors-place.ts';
import { createBatch } from './batch.ts';
import { createFrameReader, noAnswer, toChild, toParent } from './codec.ts';
import { createContext, type FunctionFacts } from './context.ts';
import { failureOf } from './failure.ts';
import { watchWork, type Begun } from './left-behind.ts';
import { captureOutput } from './output.ts';

/**
 * Runs inside a handler process: loads one function, then runs its events one after the other.
 *
 * Output of the handler travels on the same pipe as its results, so that the two keep their order. This file and the
 * command's entry are the only ones that touch the process itself.
 */
type Handler = (event: unknown, context: object) => unknown;

export interface Init {
  /** The built function, an absolute path. */
  readonly entry: string;
  /** Where relative reads of the handler start. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly facts: FunctionFacts;
  readonly folders: AuthorFolders;
  /** Whether nothing goes on between two events, as on Lambda. */
  readonly isFrozen: boolean;
}

interface Loaded {
  readonly handler: Handler;
  readonly facts: FunctionFacts;
  readonly folders: AuthorFolders;
  readonly isFrozen: boolean;
}

/** What one event may send to its own connection without asking; a client that does not read is then noticed. */
const maxUnconfirmedBytes = 64 * 1024;
/** Far above what any gateway takes, and far below what a frame holds. */
const maxRequestBytes = 8 * 1024 * 1024;
/** Where the executor writes one byte for each event; a frozen process reads it, and does nothing else. */
const thawPipe = 4;
/** `entry/handler.ts` sets it while an event has no promise that could be settled. */
const awaitsCallbackKey = Symbol.for('furrow.awaits-callback');
const shared: Record<symbol, unknown> = Object.assign(globalThis, { [handlerChannelKey]: { manage } });

const pipe = new Socket({ fd: 3, readable: true, writable: true });
const batch = createBatch((data) => pipe.write(data));
const answers = new Map<number, (answer: ManagementAnswer) => void>();
const done: Promise<ManagementAnswer> = Promise.resolve({ type: 'done' });
let operations = 0;
let loaded: Loaded | undefined;
let running: number | undefined;
/** The last event that got as far as this process. */
let begun = 0;
let isEnding = false;
/** The byte of the next event has been read. */
let isThawed = false;
const thawByte = Buffer.alloc(1);
const watch = watchWork();
/** The connection of the running event while it is known to be open, and how much may go to it unconfirmed. */
let openConnectionId: string | undefined;
let unconfirmedBytesLeft = 0;

function succeed(sequence: number, text: string): void {
  batch.push(toParent.result, (frame) => {
    frame.uint32(sequence);
    frame.text(text);
  });
}

function fail(sequence: number, failure: object): void {
  batch.push(toParent.failed, (frame) => {
    frame.uint32(sequence);
    frame.text(JSON.stringify(failure));
  });
}

/** Says once that this process takes no more events, before the executor hears how the running one ended. */
function announceEnd(): void {
  if (isEnding) return;
  isEnding = true;
  batch.push(toParent.ending, (frame) => frame.uint32(begun));
}

/** The process is of no use any more: says why, once, and ends. Lambda's runtime uses these exit codes too. */
function crash(thrown: unknown, errorType: string | undefined, exitCode: number): void {
  if (isEnding) return;
  announceEnd();
  const failure = failureOf(thrown, errorType);
  if (running === undefined) batch.push(toParent.stray, (frame) => frame.text(JSON.stringify(failure)));
  else fail(running, failure);
  batch.flush();
  // What the pipe has not taken yet would be lost with the process.
  if (pipe.writableLength === 0) process.exit(exitCode);
  pipe.write('', () => process.exit(exitCode));
}

process.on('uncaughtException', (error) => crash(error, undefined, 129));
process.on('unhandledRejection', (reason) => crash(reason, 'Runtime.UnhandledPromiseRejection', 128));
process.on('exit', () => {
  announceEnd();
  batch.flush();
});
/** The event loop is empty and the event has no answer: it will never get one (fact H9). */
process.on('beforeExit', () => {
  const sequence = running;
  if (sequence === undefined) return;
  const errorMessage =
    'The handler returned a promise that was never settled, and nothing is left that could settle it.';
  finish();
  // A handler that neither returns a promise nor calls back has answered nothing, and Lambda takes that.
  if (shared[awaitsCallbackKey] === true) succeed(sequence, 'null');
  else fail(sequence, { errorType: 'Runtime.NodeJsExit', errorMessage, trace: [] });
});

async function init({ entry, cwd, env, facts, folders, isFrozen }: Init): Promise<void> {
  Object.assign(process.env, env);
  try {
    process.chdir(cwd);
    const found: { handler?: Handler; default?: { handler?: Handler } } = await import(pathToFileURL(entry).href);
    const handler = found.handler ?? found.default?.handler;
    if (handler === undefined) {
      throw Object.assign(new Error('index.handler is undefined or not exported'), { name: 'Runtime.HandlerNotFound' });
    }
    loaded = { handler, facts, folders, isFrozen };
    batch.push(toParent.ready, () => {});
    if (isFrozen) setImmediate(freeze);
  } catch (error) {
    batch.push(toParent.initFailed, (frame) => frame.text(JSON.stringify(failureOf(error, importError(error)))));
  }
}

/** Lambda's name for a module that could not be loaded (fact H9). */
function importError(error: unknown): string | undefined {
  if (error instanceof SyntaxError) return 'Runtime.UserCodeSyntaxError';
  if (!(error instanceof Error && 'code' in error)) return undefined;
  const isMissing = error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND';
  return isMissing ? 'Runtime.ImportModuleError' : undefined;
}

interface Event {
  readonly sequence: number;
  readonly deadlineMs: number;
  readonly requestId: string;
  readonly openConnectionId: string;
  readonly text: string;
}

function readEvent(payload: Buffer): Event {
  const end = 49 + payload.readUInt8(48);
  return {
    sequence: payload.readUInt32LE(0),
    deadlineMs: payload.readDoubleLE(4),
    requestId: payload.toString('latin1', 12, 48),
    openConnectionId: payload.toString('latin1', 49, end),
    text: payload.toString('utf8', end),
  };
}

async function run({ handler, facts, isFrozen }: Loaded, event: Event): Promise<void> {
  const { sequence } = event;
  if (isFrozen) awaitNextEvent();
  isThawed = false;
  running = sequence;
  begun = sequence;
  openConnectionId = event.openConnectionId;
  unconfirmedBytesLeft = maxUnconfirmedBytes;
  // While a handler runs, only its own work keeps the process alive: see `beforeExit`.
  if (answers.size === 0) pipe.unref();
  watch.begin();
  try {
    const value = await handler(JSON.parse(event.text), createContext(facts, event));
    if (running !== sequence) return;
    const text = JSON.stringify(value) ?? 'null';
    finish();
    if (isTooLong(text)) fail(sequence, tooLong);
    else succeed(sequence, text);
  } catch (error) {
    if (running !== sequence) return;
    finish();
    fail(sequence, failureOf(error));
  }
}

function finish(): void {
  running = undefined;
  openConnectionId = undefined;
  pipe.ref();
  const left = watch.end();
  if (loaded === undefined) return;
  if (left.length > 0) setImmediate(report, left, loaded.folders);
  // After what the handler has put off to the end of this turn: on Lambda the answer takes longer than that to leave.
  if (loaded.isFrozen) setImmediate(freeze);
}

/** Behind the result, which is not kept waiting for it. */
function report(left: readonly Begun[], folders: AuthorFolders): void {
  for (const one of watch.describe(left, folders)) {
    batch.push(toParent.leftBehind, (frame) => frame.text(JSON.stringify(one)));
  }
}

/**
 * Stands still until the next event comes: timers, sockets and promises wait, as in a frozen environment of Lambda
 * (fact H11). The end of the pipe wakes it too, when the executor lets the process go, or is gone itself.
 */
function freeze(): void {
  batch.flush();
  // What the pipe has not taken yet belongs to what went before.
  if (pipe.writableLength > 0) pipe.write('', freeze);
  else if (running === undefined) awaitNextEvent();
}

/** Reads the byte of the next event, unless that has been done. */
function awaitNextEvent(): void {
  if (isThawed) return;
  isThawed = true;
  if (readThawPipe() === 0) process.exit(0);
}

/** How many bytes came; 0 is the end. */
function readThawPipe(): number {
  try {
    return readSync(thawPipe, thawByte);
  } catch {
    // The handler has closed what it does not know. Then nothing can be held back here.
    return 1;
  }
}

/** No character takes more than three bytes, so most results need not be measured. */
function isTooLong(text: string): boolean {
  return text.length * 3 > limits.maxResultBytes && Buffer.byteLength(text) > limits.maxResultBytes;
}

/** Fact H6. */
const tooLong = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${limits.maxResultBytes} bytes).`,
  trace: [],
};

function manage(request: ManagementRequest): Promise<ManagementAnswer> {
  if (request.type === 'close' && request.connectionId === openConnectionId) openConnectionId = undefined;
  if (request.type === 'send' && request.data.length > maxRequestBytes) {
    return Promise.resolve({ type: 'refused', refusal: 'tooLarge' });
  }
  const needsAnswer = !isUnconfirmed(request);
  if (needsAnswer) operations = (operations % 0xffff_ffff) + 1;
  const operation = needsAnswer ? operations : noAnswer;
  const id = Buffer.from(request.connectionId, 'utf8').subarray(0, 255);
  batch.push(toParent[request.type], (frame) => {
    frame.uint32(operation);
    frame.uint8(id.length);
    frame.bytes(id);
    if (request.type === 'send') frame.bytes(request.data);
  });
  if (!needsAnswer) return done;
  pipe.ref();
  return new Promise((resolve) => answers.set(operation, resolve));
}

/** Whether a request is sure to be taken, so that nobody waits for the answer. */
function isUnconfirmed(request: ManagementRequest): boolean {
  if (request.type !== 'send' || request.connectionId !== openConnectionId) return false;
  unconfirmedBytesLeft -= request.data.length;
  return unconfirmedBytesLeft >= 0;
}

function answered(payload: Buffer): void {
  const operation = payload.readUInt32LE(0);
  const resolve = answers.get(operation);
  answers.delete(operation);
  if (answers.size === 0 && running !== undefined) pipe.unref();
  if (payload[4] === 0) resolve?.({ type: 'done' });
  else resolve?.(JSON.parse(payload.toString('utf8', 5)));
}

const read = createFrameReader((kind, payload) => {
  if (kind === toChild.invoke) {
    // An executor that has not heard of the end yet keeps what was not begun.
    if (loaded !== undefined && !isEnding) void run(loaded, readEvent(payload));
  } else if (kind === toChild.gone) {
    if (payload.toString('latin1') === openConnectionId) openConnectionId = undefined;
  } else if (kind === toChild.answer) answered(payload);
  else if (kind === toChild.init) void init(JSON.parse(payload.toString('utf8')));
});

captureOutput(batch, process.stdout, 1);
captureOutput(batch, process.stderr, 2);
pipe.on('data', read);
// The executor is gone, and so is everyone who could want an answer.
pipe.on('end', () => process.exit(0));
pipe.on('error', () => process.exit(0));
// Ctrl-C reaches the whole process group; the executor decides when handlers end.
process.on('SIGINT', () => {});
