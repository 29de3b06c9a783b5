import { describe, expect, test } from 'vitest';
import type { BuildReport } from '@furrow/executor';
import type { SandboxEvent } from '@furrow/sandbox';
import { describeEvent, describeFailures, type View } from './event-lines.ts';

const plain = (text: string) => text;
const view: View = {
  style: { dim: plain, bold: plain, red: plain },
  columns: 100,
  projectDir: '/project',
  isQuiet: false,
  isVerbose: false,
};
const atMs = new Date(2026, 10, 23, 12, 3, 11).getTime();
const connectionId = 'TXzPWdnOjoECGjA=';
const failure = {
  errorType: 'TypeError',
  errorMessage: 'x is not a function',
  trace: [
    'TypeError: x is not a function',
    '    at handler (/project/src/ws/default/index.js:7:19)',
    '    at run (/elsewhere/bootstrap.js:1:1)',
    '    at y (/project/node_modules/lib/index.js:1:1)',
  ],
};
const background = {
  type: 'background',
  atMs,
  functionName: 'events/likes',
  label: 'event likes',
  count: 1,
  attempt: 1,
  failed: 0,
  givenUp: 0,
  durationMs: 2.5,
} as const;

const message: SandboxEvent = {
  type: 'message',
  atMs,
  connectionId,
  routeKey: '$default',
  body: '{"text":"hello"}',
  durationMs: 0.4,
};

test.for<{ why: string; event: SandboxEvent; lines: string[] }>([
  {
    why: 'a connection',
    event: { type: 'connect', atMs, connectionId, statusCode: 101, durationMs: 1.92, origin: 'http://localhost:3333' },
    lines: ['12:03:11  connect       TXzPWdnO  200      1.9 ms  http://localhost:3333'],
  },
  {
    why: 'a refused one',
    event: { type: 'connect', atMs, connectionId, statusCode: 403, durationMs: 12.3, origin: undefined, event: '{}' },
    lines: ['12:03:11  connect       TXzPWdnO  403       12 ms'],
  },
  {
    why: 'one that the authorizer refused',
    event: {
      type: 'connect',
      atMs,
      connectionId,
      statusCode: 403,
      durationMs: 12.3,
      origin: undefined,
      authorizer: { durationMs: 12, event: '{}' },
    },
    lines: ['12:03:11  connect       TXzPWdnO  403       12 ms  refused by ws/authorizer'],
  },
  {
    why: 'one without its token',
    event: { type: 'connect', atMs, connectionId, statusCode: 401, durationMs: 0, origin: undefined },
    lines: ['12:03:11  connect       TXzPWdnO  401      0.0 ms  without what the authorizer goes by'],
  },
  { why: 'a message', event: message, lines: ['12:03:11  default       TXzPWdnO  ok       0.4 ms  {"text":"hello"}'] },
  {
    why: 'a message that moves the cursor stays on its line',
    event: { ...message, body: 'a\nb\u001b[2Jc\rd' },
    lines: ['12:03:11  default       TXzPWdnO  ok       0.4 ms  a b [2Jc d'],
  },
  {
    why: 'a long message is cut, with its size',
    event: { ...message, body: 'é'.repeat(500) },
    lines: [`12:03:11  default       TXzPWdnO  ok       0.4 ms  ${'é'.repeat(32)}… (1000 bytes)`],
  },
  {
    why: 'a failure: where it is in the author’s own files, and what the client got',
    event: { ...message, routeKey: 'join', failure, errorFrame: '{"message": "Internal server error"}' },
    lines: [
      '12:03:11  join          TXzPWdnO  error    0.4 ms  TypeError: x is not a function',
      '          |   at handler (src/ws/default/index.js:7:19)',
      '          the client got {"message": "Internal server error"}, as on AWS',
    ],
  },
  {
    why: 'a timer that was left running',
    event: {
      type: 'leftBehind',
      atMs,
      functionName: 'ws/default',
      work: 'setTimeout',
      place: 'src/ws/default/index.js:12',
    },
    lines: [
      '          ws/default left a timer running when it returned: src/ws/default/index.js:12',
      '          On AWS it waits for the next event. Await it before you return.',
    ],
  },
  {
    why: 'a request that a package left',
    event: { type: 'leftBehind', atMs, functionName: 'http/get-index', work: 'request' },
    lines: [
      '          http/get-index left an HTTP request without its answer when it returned: begun in a package',
      '          On AWS it waits for the next event. Await it before you return.',
    ],
  },
  {
    why: 'something that is not as the app asks',
    event: { type: 'notice', atMs, text: 'python3.13 is not here: its functions run on Python 3.11.' },
    lines: ['          python3.13 is not here: its functions run on Python 3.11.'],
  },
  {
    why: 'a message of an event',
    event: { ...background, result: undefined },
    lines: ['12:03:11  event likes             ok       2.5 ms'],
  },
  {
    why: 'a message that comes again',
    event: { ...background, attempt: 2, failed: 1, againInMs: 2000, failure },
    lines: [
      '12:03:11  event likes             error    2.5 ms  TypeError: x is not a function',
      '          |   at handler (src/ws/default/index.js:7:19)',
      '          it comes again in 2 s; AWS waits longer',
    ],
  },
  {
    why: 'a batch of which a part comes again, and a part does not',
    event: { ...background, label: 'queue orders', count: 5, attempt: 5, failed: 3, againInMs: 1000, givenUp: 1 },
    lines: [
      '12:03:11  queue orders            error    2.5 ms  5 messages, attempt 5',
      '          2 of 5 messages come again in 1 s; AWS waits longer',
      '          1 of 5 messages is given up',
    ],
  },
  {
    why: 'the end of a connection',
    event: { type: 'disconnect', atMs, connectionId, code: 1001, reason: 'Going away', durationMs: 0.7 },
    lines: ['12:03:11  disconnect    TXzPWdnO  1001     0.7 ms  Going away'],
  },
  {
    why: 'a page',
    event: {
      type: 'http',
      atMs,
      method: 'GET',
      path: '/rooms',
      routeKey: 'GET /rooms',
      statusCode: 200,
      durationMs: 3,
    },
    lines: ['12:03:11  get                     200      3.0 ms  /rooms'],
  },
  {
    why: 'output of a handler',
    event: { type: 'output', atMs, functionName: 'ws/default', stream: 'stdout', text: 'one\ntwo\n' },
    lines: ['          default       | one', '          default       | two'],
  },
  {
    why: 'a failure after the answer',
    event: { type: 'stray', atMs, functionName: 'ws/join', failure },
    lines: [
      '12:03:11  join          failed outside of an event  TypeError: x is not a function',
      '          |   at handler (src/ws/default/index.js:7:19)',
    ],
  },
  {
    why: 'a refused request',
    event: { type: 'refused', atMs, what: 'GET /', statusCode: 403, why: 'Host "evil" is not allowed' },
    lines: ['12:03:11  refused       403  GET /  Host "evil" is not allowed'],
  },
  {
    why: 'a broken frame',
    event: { type: 'violation', atMs, connectionId, code: 1002, why: 'MASK must be set' },
    lines: ['12:03:11  violation     TXzPWdnO  1002  MASK must be set'],
  },
  {
    why: 'a save',
    event: {
      type: 'built',
      atMs,
      files: ['src/ws/default/index.js'],
      reports: [
        {
          functionName: 'ws/default',
          label: 'default',
          durationMs: 8.2,
          problems: [],
          hasChanged: true,
          isServing: true,
          isMissing: false,
        },
      ],
      connections: 3,
    },
    lines: ['12:03:11  changed       src/ws/default/index.js  rebuilt in 8 ms, 3 sockets kept'],
  },
  {
    why: 'a manifest with a word that may be wrong',
    event: {
      type: 'manifestChanged',
      atMs,
      file: 'app.arc',
      added: [],
      removed: ['get /'],
      warnings: [
        {
          severity: 'warning',
          code: 'PRAGMA_UNKNOWN',
          file: 'app.arc',
          line: 3,
          column: 1,
          length: 5,
          message: '"@htpp" is not a pragma.',
          fix: 'Did you mean @http?',
          text: '@htpp',
        },
      ],
      afterRestart: ['@app'],
      connections: 0,
    },
    lines: [
      'app.arc has 1 warning',
      '',
      '  app.arc:3:1   PRAGMA_UNKNOWN "@htpp" is not a pragma.',
      '    3 | @htpp',
      '        ^^^^^',
      '    Fix: Did you mean @http?',
      '12:03:11  changed       app.arc  - get /, 0 sockets kept',
      '          @app takes effect when the sandbox is started again',
    ],
  },
  {
    why: 'other routes',
    event: {
      type: 'manifestChanged',
      atMs,
      file: 'app.arc',
      added: ['join'],
      removed: ['leave'],
      warnings: [],
      afterRestart: [],
      connections: 1,
    },
    lines: ['12:03:11  changed       app.arc  + join, - leave, 1 socket kept'],
  },
])('$why', ({ event, lines }) => {
  expect(describeEvent(event, view)).toEqual(lines);
});

const failed = { errorType: 'Runtime.UserCodeSyntaxError', errorMessage: 'x', trace: [] };
const problem = { message: 'Unexpected ":"', file: 'src/a.js', line: 7, column: 3, text: '\t\ta::b', length: 1 };
const build = { functionName: 'ws/a', label: 'a', durationMs: 1, problems: [], hasChanged: false, failure: failed };

test.for<{ why: string; reports: BuildReport[]; lines: string[] }>([
  {
    why: 'functions without a handler are one line',
    reports: [
      { ...build, isMissing: true, isServing: false },
      { ...build, label: 'b', isMissing: true, isServing: false },
    ],
    lines: ['a, b          no handler yet  run "arc init" to make what is missing'],
  },
  {
    why: 'a handler that is gone',
    reports: [{ ...build, isMissing: true, isServing: true }],
    lines: ['a             its handler is gone  the last good version keeps serving'],
  },
  {
    why: 'one that never built, the mark below the place in spite of tabs',
    reports: [{ ...build, problems: [problem], isMissing: false, isServing: false }],
    lines: [
      'a             does not build  its events fail until it does',
      '          src/a.js:7:3  Unexpected ":"',
      '            7 | \t\ta::b',
      '              | \t\t^',
    ],
  },
])('$why', ({ reports, lines }) => {
  expect(describeFailures(reports, view)).toEqual(lines);
});

describe('--quiet', () => {
  const quiet = { ...view, isQuiet: true };
  test('no line for what went well', () => {
    expect(describeEvent(message, quiet)).toEqual([]);
  });
  test('failures and output all the same', () => {
    expect(describeEvent({ ...message, failure }, quiet)).toHaveLength(2);
    const output: SandboxEvent = { type: 'output', atMs, functionName: 'ws/default', stream: 'stdout', text: 'x' };
    expect(describeEvent(output, quiet)).toHaveLength(1);
  });
});
