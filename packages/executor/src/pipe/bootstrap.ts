import { Socket } from 'node:net';
import { handlerChannelKey, type ConnectionFacts, type HandlerChannel } from '@furrow/protocol';
import type { AuthorFolders } from './authors-place.ts';
import { createBatch } from './batch.ts';
import { createChannel } from './channel.ts';
import { createFrameReader, toChild, toParent } from './codec.ts';
import type { FunctionFacts } from './context.ts';
import { readEvent, readMessage, type ReceivedEvent } from './event-frame.ts';
import { failureOf } from './failure.ts';
import { createFreezer, type Freezer } from './freezer.ts';
import { createInbox } from './inbox.ts';
import { watchWork } from './left-behind.ts';
import { loadBuild } from './load-build.ts';
import { captureOutput } from './output.ts';
import { createRunner } from './runner.ts';
import { openTickets } from './tickets.ts';

/**
 * Runs inside a handler process: loads one function, then runs its events.
 *
 * Output of the handler travels on the same pipe as its results, so that the two keep their order. This file and the
 * command's entry are the only ones that touch the process itself.
 */
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
  /** Whether events run beside each other. */
  readonly isConcurrent: boolean;
}

/** What thaws a frozen process, and the tickets of one that is not: see `handler-process.ts`. */
const secondDescriptor = 4;
/** `entry/handler.ts` sets it while an event has no promise that could be settled. */
const awaitsCallbackKey = Symbol.for('furrow.awaits-callback');

const pipe = new Socket({ fd: 3, readable: true, writable: true });
const batch = createBatch((data) => pipe.write(data));
const inbox = createInbox(openTickets(secondDescriptor));
const runner = createRunner({
  batch,
  inbox,
  watch: watchWork(),
  afterWrites(then) {
    if (pipe.writableLength > 0) pipe.write('', then);
    else then();
  },
  onRunning,
});
const channel = createChannel({
  batch,
  current: () => runner.current(),
  onWaiting(isWaiting) {
    if (isWaiting) pipe.ref();
    else if (runner.running.length > 0 && !isConcurrent) pipe.unref();
  },
});
const forHandlers: HandlerChannel = {
  manage: (request) => channel.manage(request),
  send: (connectionId, data) => channel.send(connectionId, data),
  whenSent: (operation, listener) => channel.whenSent(operation, listener),
};
const shared: Record<symbol, unknown> = Object.assign(globalThis, { [handlerChannelKey]: forHandlers });
/** What the executor has told of them, by connectionId. */
const connections = new Map<string, ConnectionFacts>();
let freezer: Freezer | undefined;
let isConcurrent = false;
/** The process takes no more events, and ends with this code when those that run have ended. */
let endsWith: number | undefined;
let hasAnnouncedEnd = false;

/** Says once that this process takes no more events, before the executor hears how a running one ended. */
function announceEnd(): void {
  if (hasAnnouncedEnd) return;
  hasAnnouncedEnd = true;
  batch.push(toParent.ending, (frame) => frame.uint32(runner.begun));
}

/**
 * The process is of no use any more: says why and ends. Lambda's runtime uses these exit codes too.
 *
 * Where several events run, only the one that it came from fails at once; the others may still end.
 */
function crash(thrown: unknown, errorType: string | undefined, exitCode: number): void {
  if (endsWith !== undefined && !isConcurrent) return;
  announceEnd();
  endsWith = exitCode;
  const failure = failureOf(thrown, errorType);
  const own = runner.current();
  if (own !== undefined && runner.running.includes(own)) runner.end(own, failure);
  else batch.push(toParent.stray, (frame) => frame.text(JSON.stringify(failure)));
  endWhenIdle();
}

function endWhenIdle(): void {
  if (endsWith === undefined || (isConcurrent && runner.running.length > 0)) return;
  const code = endsWith;
  batch.flush();
  // What the pipe has not taken yet would be lost with the process.
  if (pipe.writableLength === 0) process.exit(code);
  pipe.write('', () => process.exit(code));
}

process.on('uncaughtException', (error) => crash(error, undefined, 129));
process.on('unhandledRejection', (reason) => crash(reason, 'Runtime.UnhandledPromiseRejection', 128));
process.on('exit', () => {
  announceEnd();
  batch.flush();
});
/** The event loop is empty and events have no answer: they will never get one (fact H9). */
process.on('beforeExit', () => {
  const errorMessage =
    'The handler returned a promise that was never settled, and nothing is left that could settle it.';
  // A handler that neither returns a promise nor calls back has answered nothing, and Lambda takes that.
  const isAnswer = shared[awaitsCallbackKey] === true;
  // Each leaves the list as it ends.
  for (const event of runner.running.slice()) {
    runner.end(event, isAnswer ? undefined : { errorType: 'Runtime.NodeJsExit', errorMessage, trace: [] });
  }
});

async function init({ entry, cwd, env, facts, folders, ...modes }: Init): Promise<void> {
  Object.assign(process.env, env);
  try {
    process.chdir(cwd);
    const { handler } = await loadBuild(entry);
    if (handler === undefined) {
      throw Object.assign(new Error('index.handler is undefined or not exported'), { name: 'Runtime.HandlerNotFound' });
    }
    ({ isConcurrent } = modes);
    runner.start({ handler, facts, folders, ...modes });
    batch.push(toParent.ready, () => {});
    if (!modes.isFrozen) return;
    freezer = createFreezer();
    setImmediate(freeze);
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

/** While handlers run, only their own work keeps the process alive: see `beforeExit`. */
function onRunning(count: number): void {
  if (count > 0) {
    // Where events run beside each other, one may wait for what another one brings.
    if (!channel.isWaiting && !isConcurrent) pipe.unref();
    return;
  }
  pipe.ref();
  endWhenIdle();
  // After what the handler has put off to the end of this turn: on Lambda the answer takes longer than that to leave.
  if (freezer !== undefined) setImmediate(freeze);
}

/**
 * Stands still until the next event comes: timers, sockets and promises wait, as in a frozen environment of Lambda
 * (fact H11). The end of the pipe wakes it too, when the executor lets the process go, or is gone itself.
 */
function freeze(): void {
  batch.flush();
  // What the pipe has not taken yet belongs to what went before.
  if (pipe.writableLength > 0) pipe.write('', freeze);
  else if (runner.running.length === 0 && inbox.isEmpty && freezer?.awaitNextEvent() === false) process.exit(0);
}

function put(event: ReceivedEvent | undefined): void {
  // An executor that has not heard of the end yet keeps what was not begun.
  if (hasAnnouncedEnd || event === undefined) return;
  if (freezer?.awaitNextEvent() === false) process.exit(0);
  freezer?.used();
  runner.put(event);
}

const onFrame: Readonly<Record<number, (payload: Buffer) => void>> = {
  [toChild.init]: (payload) => void init(JSON.parse(payload.toString('utf8'))),
  [toChild.invoke]: (payload) => put(readEvent(payload)),
  [toChild.message]: (payload) => put(readMessage(payload, connections)),
  [toChild.connection](payload) {
    const facts: ConnectionFacts = JSON.parse(payload.toString('utf8'));
    connections.set(facts.connectionId, facts);
  },
  [toChild.forget]: (payload) => void connections.delete(payload.toString('latin1')),
  [toChild.answer]: (payload) => channel.answered(payload),
  [toChild.gone](payload) {
    const connectionId = payload.toString('latin1');
    connections.delete(connectionId);
    inbox.gone(connectionId);
    for (const event of runner.running) if (event.openConnectionId === connectionId) event.openConnectionId = '';
  },
  [toChild.takenBack]: (payload) => inbox.dropFrom(payload.readUInt32LE(0)),
};

captureOutput({ batch, stream: process.stdout, mark: 1, requestId: () => runner.current()?.requestId });
captureOutput({ batch, stream: process.stderr, mark: 2, requestId: () => runner.current()?.requestId });
pipe.on(
  'data',
  createFrameReader((kind, payload) => onFrame[kind]?.(payload)),
);
// The executor is gone, and so is everyone who could want an answer.
pipe.on('end', () => process.exit(0));
pipe.on('error', () => process.exit(0));
// Ctrl-C reaches the whole process group; the executor decides when handlers end.
process.on('SIGINT', () => {});
