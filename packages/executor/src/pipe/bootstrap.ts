import { Socket } from 'node:net';
import { pathToFileURL } from 'node:url';
import {
  handlerChannelKey,
  type ConnectionInfo,
  type ManagementAnswer,
  type ManagementRefusal,
  type ManagementRequest,
} from '@furrow/protocol';
import { createBatch } from './batch.ts';
import { createFrameReader, noAnswer, toChild, toParent } from './codec.ts';
import { createContext, type FunctionFacts } from './context.ts';
import { failureOf } from './failure.ts';

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
}

/** What one event may send to its own connection without asking; a client that does not read is then noticed. */
const maxUnconfirmedBytes = 64 * 1024;

const pipe = new Socket({ fd: 3, readable: true, writable: true });
const batch = createBatch((data) => pipe.write(data));
const answers = new Map<number, (answer: ManagementAnswer) => void>();
let operations = 0;
let running: number | undefined;
/** The connection of the running event while it is known to be open, and how much may go to it unconfirmed. */
let openConnectionId: string | undefined;
let unconfirmedBytesLeft = 0;
let handler: Handler | undefined;
let facts: FunctionFacts | undefined;

function fail(sequence: number, failure: unknown): void {
  batch.push(toParent.failed, (frame) => {
    frame.uint32(sequence);
    frame.text(JSON.stringify(failure));
  });
}

/** The process is of no use any more: says why, once, and ends. Lambda's runtime uses these exit codes too. */
function crash(thrown: unknown, errorType: string | undefined, exitCode: number): void {
  const failure = failureOf(thrown, errorType);
  if (running === undefined) batch.push(toParent.stray, (frame) => frame.text(JSON.stringify(failure)));
  else fail(running, failure);
  batch.flush();
  process.exit(exitCode);
}

process.on('uncaughtException', (error) => crash(error, undefined, 129));
process.on('unhandledRejection', (reason) => crash(reason, 'Runtime.UnhandledPromiseRejection', 128));
process.on('exit', () => batch.flush());
/** The event loop is empty and the handler's promise is still open: it will never be settled. */
process.on('beforeExit', () => {
  if (running === undefined) return;
  const message = 'The handler returned a promise that was never settled, and nothing is left that could settle it.';
  finish(() => fail(running as number, { errorType: 'Runtime.NodeJsExit', errorMessage: message, trace: [] }));
});

function captureOutput(stream: NodeJS.WriteStream, mark: number): void {
  stream.write = (chunk: Uint8Array | string, encoding?: unknown, callback?: unknown): boolean => {
    batch.push(toParent.output, (frame) => {
      frame.uint8(mark);
      if (typeof chunk === 'string') frame.text(chunk);
      else frame.bytes(chunk);
    });
    // Now, not at the end of the turn: a handler that hangs or kills the process should not take its last words along.
    batch.flush();
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  };
}

async function init({ entry, cwd, env, facts: own }: Init): Promise<void> {
  Object.assign(process.env, env);
  facts = own;
  try {
    process.chdir(cwd);
    const loaded = (await import(pathToFileURL(entry).href)) as { handler?: unknown; default?: { handler?: unknown } };
    const found = loaded.handler ?? loaded.default?.handler;
    if (typeof found !== 'function') {
      throw Object.assign(new Error('index.handler is undefined or not exported'), { name: 'Runtime.HandlerNotFound' });
    }
    handler = found as Handler;
    batch.push(toParent.ready, () => {});
  } catch (error) {
    batch.push(toParent.initFailed, (frame) => frame.text(JSON.stringify(failureOf(error, importError(error)))));
  }
}

/** Lambda's name for a module that could not be loaded (fact H9). */
function importError(error: unknown): string | undefined {
  if (error instanceof SyntaxError) return 'Runtime.UserCodeSyntaxError';
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND' ? 'Runtime.ImportModuleError' : undefined;
}

interface Event {
  readonly sequence: number;
  readonly deadlineMs: number;
  readonly requestId: string;
  readonly openConnectionId: string;
  readonly text: string;
}

function readEvent(payload: Buffer): Event {
  const end = 49 + (payload[48] as number);
  return {
    sequence: payload.readUInt32LE(0),
    deadlineMs: payload.readDoubleLE(4),
    requestId: payload.toString('latin1', 12, 48),
    openConnectionId: payload.toString('latin1', 49, end),
    text: payload.toString('utf8', end),
  };
}

async function run(event: Event): Promise<void> {
  const { sequence } = event;
  running = sequence;
  openConnectionId = event.openConnectionId;
  unconfirmedBytesLeft = maxUnconfirmedBytes;
  // While a handler runs, only its own work keeps the process alive: see `beforeExit`.
  if (answers.size === 0) pipe.unref();
  try {
    const context = createContext(facts as FunctionFacts, event);
    const value: unknown = await (handler as Handler)(JSON.parse(event.text), context);
    if (running !== sequence) return;
    const text = JSON.stringify(value) ?? 'null';
    finish(() =>
      batch.push(toParent.result, (frame) => {
        frame.uint32(sequence);
        frame.text(text);
      }),
    );
  } catch (error) {
    if (running === sequence) finish(() => fail(sequence, failureOf(error)));
  }
}

function finish(report: () => void): void {
  report();
  running = undefined;
  openConnectionId = undefined;
  pipe.ref();
}

function manage(request: ManagementRequest): Promise<ManagementAnswer> {
  if (request.type === 'close' && request.connectionId === openConnectionId) openConnectionId = undefined;
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

const done: Promise<ManagementAnswer> = Promise.resolve({ type: 'done' });

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
  const text = payload.toString('utf8', 5);
  const kind = payload[4];
  if (kind === 0) resolve?.({ type: 'done' });
  else if (kind === 1) resolve?.({ type: 'info', info: JSON.parse(text) as ConnectionInfo });
  else resolve?.({ type: 'refused', refusal: text as ManagementRefusal });
}

const read = createFrameReader((kind, payload) => {
  if (kind === toChild.invoke) {
    void run(readEvent(payload));
  } else if (kind === toChild.gone) {
    if (payload.toString('latin1') === openConnectionId) openConnectionId = undefined;
  } else if (kind === toChild.answer) answered(payload);
  else if (kind === toChild.init) void init(JSON.parse(payload.toString('utf8')) as Init);
});

(globalThis as Record<symbol, unknown>)[handlerChannelKey] = { manage };
captureOutput(process.stdout, 1);
captureOutput(process.stderr, 2);
pipe.on('data', read);
// The executor is gone, and so is everyone who could want an answer.
pipe.on('end', () => process.exit(0));
pipe.on('error', () => process.exit(0));
// Ctrl-C reaches the whole process group; the executor decides when handlers end.
process.on('SIGINT', () => {});
