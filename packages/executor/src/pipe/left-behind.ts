import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { inspect } from 'node:util';
import type { GatewayEvent } from '@furrow/protocol';
import { authorsPlace, type AuthorFolders } from './authors-place.ts';

type LeftBehind = Extract<GatewayEvent, { readonly type: 'leftBehind' }>;

/** Something that an event has begun. */
export interface Begun {
  readonly work: LeftBehind['work'];
  /** Written only when somebody asks: until then it costs a few microseconds. */
  readonly site: { readonly stack?: unknown };
  readonly isRunning: () => boolean;
}

export type Left = Pick<LeftBehind, 'work' | 'place'>;

/** Sees what handlers begin and do not wait for. */
export interface WorkWatch {
  /** An event starts: what is begun from here on is its own. */
  begin(): void;
  /** The event has its result; returns what it has begun and what still runs. */
  end(): readonly Begun[];
  /** Those of a list that are worth a word to the author, each once. */
  describe(begun: readonly Begun[], folders: AuthorFolders): readonly Left[];
}

/** What one event may begin and be watched for. */
const maxBegun = 256;
/** How many stacks a process writes in its life; each takes a moment. */
const maxStacks = 200;
/** Clients of AWS call deep. */
const stackDepth = 50;
/** The function that was put around another: stacks begin with who called it. */
type Caller = (...input: never[]) => unknown;
const nothing: readonly Begun[] = [];

/**
 * Puts itself around timers, `fetch`, requests and sockets of this process, for good.
 *
 * Outside of events, and for handlers that use none of these, that costs nothing. No promise is touched: a handler on one
 * would change what counts as an unhandled rejection.
 */
export function watchWork(): WorkWatch {
  let isInEvent = false;
  let begun: Begun[] = [];
  let stacksLeft = maxStacks;
  let calls = 0;
  const told = new Set<string>();

  function note(work: Begun['work'], caller: Caller, isRunning: () => boolean): void {
    // Looking through them costs as much as they are many, so it is done again only for as many more.
    if (begun.length >= maxBegun && calls % maxBegun === 0) begun = begun.filter((one) => one.isRunning());
    calls += 1;
    if (begun.length < maxBegun) begun.push({ work, site: siteOf(caller), isRunning });
  }

  watchTimers((work, caller, timer) => {
    if (isInEvent) note(work, caller, () => isArmed(timer));
  });
  watchPromises((work, caller, promise) => {
    if (isInEvent) note(work, caller, () => isPending(promise));
  });
  watchRequests((caller, request) => {
    if (isInEvent) note('request', caller, () => !request.destroyed && !isAnswered(request));
  });
  watchSockets((caller, socket) => {
    if (isInEvent) note('socket', caller, () => socket.connecting);
  });

  return {
    begin() {
      isInEvent = true;
    },
    end() {
      isInEvent = false;
      if (begun.length === 0) return nothing;
      const left = begun.filter(({ isRunning }) => isRunning());
      begun = [];
      return left;
    },
    describe(left, folders) {
      const found: Left[] = [];
      for (const { work, site } of left) {
        if (stacksLeft === 0) break;
        stacksLeft -= 1;
        const one = leftOf(work, site.stack, folders);
        const key = one && `${one.work} ${one.place}`;
        if (one === undefined || key === undefined || told.has(key)) continue;
        told.add(key);
        found.push(one);
      }
      return found;
    },
  };
}

/** What to say of something that was left; `undefined` when it is no affair of the author. */
function leftOf(work: Begun['work'], stack: unknown, folders: AuthorFolders): Left | undefined {
  // An author may have taken `Error.prepareStackTrace` over.
  if (typeof stack !== 'string') return undefined;
  if (work === 'setTimeout' || work === 'setInterval') {
    const place = authorsPlace(stack, folders, true);
    return place === undefined ? undefined : { work, place };
  }
  // The request, or the fetch, has been noted itself.
  if (work === 'socket' && /node:_http_|node:internal\/deps\/undici/.test(stack)) return undefined;
  return { work, place: authorsPlace(stack, folders, false) };
}

function siteOf(caller: Caller): { readonly stack?: unknown } {
  const { stackTraceLimit } = Error;
  const site = {};
  Error.stackTraceLimit = stackDepth;
  Error.captureStackTrace(site, caller);
  Error.stackTraceLimit = stackTraceLimit;
  return site;
}

/** Not fired, not cleared, and not `unref`ed: that says that nobody minds when it never fires. */
function isArmed(timer: NodeJS.Timeout): boolean {
  // There is no public way to ask; `hasRef` stays true when a timer has fired.
  return Reflect.get(timer, '_destroyed') !== true && timer.hasRef();
}

/** Looks without a handler, which would count as somebody who takes the rejection. */
function isPending(promise: unknown): boolean {
  return /^Promise \{\s*<pending>/.test(inspect(promise, { depth: 0, customInspect: false }));
}

function isAnswered(request: http.ClientRequest): boolean {
  return Reflect.get(request, 'res') instanceof http.IncomingMessage;
}

type Timers = Pick<typeof globalThis, 'setTimeout' | 'setInterval'>;

function watchTimers(note: (work: keyof Timers, caller: Caller, timer: NodeJS.Timeout) => void): void {
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const original: (callback: () => void, ...rest: never[]) => NodeJS.Timeout = globalThis[name];
    const watched = (callback: () => void, ...rest: never[]) => {
      const timer = original(callback, ...rest);
      note(name, watched, timer);
      return timer;
    };
    // `promisify` looks for a form of its own.
    const replacement = Object.defineProperties(watched, Object.getOwnPropertyDescriptors(original));
    Object.assign(globalThis, { [name]: replacement });
    Object.assign(timers, { [name]: replacement });
  }
}

/** `fetch`, and the timers that are promises. */
function watchPromises(note: (work: 'fetch' | 'setTimeout', caller: Caller, promise: unknown) => void): void {
  const { fetch } = globalThis;
  const watchedFetch: typeof fetch = (...input) => {
    const promise = fetch(...input);
    note('fetch', watchedFetch, promise);
    return promise;
  };
  Object.assign(globalThis, { fetch: named(watchedFetch, 'fetch') });

  const sleep = timersPromises.setTimeout;
  const watchedSleep: typeof sleep = (delay, value, options) => {
    const promise = sleep(delay, value, options);
    if (options?.ref !== false) note('setTimeout', watchedSleep, promise);
    return promise;
  };
  Object.assign(timersPromises, { setTimeout: named(watchedSleep, 'setTimeout') });
  syncBuiltinESMExports();
}

function named<Value extends object>(value: Value, name: string): Value {
  return Object.defineProperty(value, 'name', { value: name });
}

/** Requests of `node:http` and `node:https`: each comes to its agent while the caller's call is still on the stack. */
function watchRequests(note: (caller: Caller, request: http.ClientRequest) => void): void {
  wrapMethod(http.Agent.prototype, 'addRequest', (caller, _agent, request) => {
    if (request instanceof http.ClientRequest) note(caller, request);
  });
}

function watchSockets(note: (caller: Caller, socket: Socket) => void): void {
  wrapMethod(Socket.prototype, 'connect', (caller, socket) => {
    if (socket instanceof Socket) note(caller, socket);
  });
}

function wrapMethod(
  prototype: object,
  name: string,
  note: (caller: Caller, self: unknown, firstInput: unknown) => void,
): void {
  const original: unknown = Reflect.get(prototype, name);
  if (typeof original !== 'function') return;
  function watched(this: unknown, ...input: readonly unknown[]): unknown {
    note(watched, this, input[0]);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was found to be a function, of whatever form
    return Reflect.apply(original as () => unknown, this, input);
  }
  Reflect.set(prototype, name, named(watched, name));
}
