import { afterEach, describe, expect, test } from 'vitest';
import { adapt } from './handler.ts';

type Done = (error?: unknown, value?: unknown) => void;
const pendingSends = Symbol.for('furrow.pending-sends');
const awaitsCallback = Symbol.for('furrow.awaits-callback');
const shared: Record<symbol, unknown> = Object.assign(globalThis, {});

afterEach(() => {
  delete shared[pendingSends];
});

async function outcome(handler: unknown): Promise<unknown> {
  const adapted = adapt({ handler }, 'handler');
  try {
    return { value: await adapted?.('event', 'context') };
  } catch (error) {
    return { error };
  }
}

const boom = new Error('boom');
const thenable = {
  // oxlint-disable-next-line unicorn/no-thenable -- what is tested
  then: (resolve: (value: string) => void) => resolve('thenable'),
};

test.for<{ why: string; handler: unknown; expected: unknown }>([
  {
    why: 'async',
    handler: async (event: string, context: string) => event + context,
    expected: { value: 'eventcontext' },
  },
  { why: 'async, nothing returned', handler: async () => {}, expected: { value: undefined } },
  { why: 'a promise', handler: () => Promise.resolve(1), expected: { value: 1 } },
  { why: 'a thenable', handler: () => thenable, expected: { value: 'thenable' } },
  {
    why: 'a thenable that is a function',
    handler: () => Object.assign(() => {}, thenable),
    expected: { value: 'thenable' },
  },
  { why: 'a value', handler: () => 'value', expected: { value: 'value' } },
  { why: 'null', handler: () => null, expected: { value: null } },
  { why: 'a callback', handler: (_e: string, _c: string, done: Done) => done(null, 1), expected: { value: 1 } },
  {
    why: 'a callback, later',
    handler: (_e: string, _c: string, done: Done) => void setImmediate(done, undefined, 1),
    expected: { value: 1 },
  },
  {
    why: 'a callback without arguments',
    handler: (_e: string, _c: string, done: Done) => done(),
    expected: { value: undefined },
  },
  {
    why: 'a callback with an error',
    handler: (_e: string, _c: string, done: Done) => done(boom),
    expected: { error: boom },
  },
  {
    why: 'a callback with a text as its error',
    handler: (_e: string, _c: string, done: Done) => done('boom', 'ignored'),
    expected: { error: 'boom' },
  },
  {
    why: 'a callback among rest arguments',
    handler: (...all: [string, string, Done]) => void setImmediate(all[2], null, all.length),
    expected: { value: 3 },
  },
  {
    why: 'a callback, and a value that is not meant as the answer',
    handler: (_e: string, _c: string, done: Done) => setImmediate(done, null, 'called'),
    expected: { value: 'called' },
  },
  {
    why: 'a callback and a promise: the first counts',
    handler: async (_e: string, _c: string, done: Done) => done(null, 'called'),
    expected: { value: 'called' },
  },
  { why: 'a rejection', handler: async () => Promise.reject(boom), expected: { error: boom } },
  {
    why: 'a throw',
    handler: () => {
      throw boom;
    },
    expected: { error: boom },
  },
  {
    why: 'this is not the module, as on Lambda',
    handler(this: unknown) {
      return Promise.resolve(this);
    },
    expected: { value: undefined },
  },
])('$why', async ({ handler, expected }) => {
  expect(await outcome(handler)).toEqual(expected);
});

const handler = async () => 'found';

test.for<{ why: string; source: Record<string, unknown>; name?: string; isFound: boolean }>([
  { why: 'an export', source: { handler }, isFound: true },
  { why: 'an export of another name', source: { run: handler }, name: 'run', isFound: true },
  { why: 'a default export with the handler', source: { default: { handler } }, isFound: true },
  {
    why: 'a default function with the handler',
    source: { default: Object.assign(() => {}, { handler }) },
    isFound: true,
  },
  { why: 'the default export itself', source: { default: handler }, name: 'default', isFound: true },
  { why: 'a default export under another name', source: { default: handler }, isFound: false },
  { why: 'nothing', source: {}, isFound: false },
  { why: 'no function', source: { handler: 'index' }, isFound: false },
  { why: 'null', source: { default: null }, isFound: false },
])('a module with $why: $isFound', async ({ source, name = 'handler', isFound }) => {
  expect(await adapt(source, name)?.({}, {})).toBe(isFound ? 'found' : undefined);
});

describe('requests that nobody awaited', () => {
  test.for([
    { why: 'an answer', answer: async () => 'value', expected: { value: 'value' } },
    { why: 'a throw', answer: async () => Promise.reject(boom), expected: { error: boom } },
  ])('have ended before $why is given', async ({ answer, expected }) => {
    const ended: string[] = [];
    const sending = async (name: string) => {
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(name);
      if (name === 'refused') throw new Error(name);
    };
    shared[pendingSends] = new Set([sending('sent'), sending('refused')]);
    expect(await outcome(answer)).toEqual(expected);
    expect(ended).toEqual(['sent', 'refused']);
  });
});

test.for<{ why: string; handler: unknown; awaits: boolean }>([
  { why: 'a promise', handler: async () => 1, awaits: false },
  { why: 'nothing', handler: () => {}, awaits: true },
  { why: 'a promise again', handler: () => Promise.resolve(), awaits: false },
])('a handler that returns $why waits for a callback: $awaits', ({ handler: author, awaits }) => {
  void adapt({ handler: author }, 'handler')?.({}, {});
  expect(shared[awaitsCallback]).toBe(awaits);
});
