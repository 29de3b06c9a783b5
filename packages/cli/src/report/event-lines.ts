import { sep } from 'node:path';
import type { BuildProblem, BuildReport } from '@furrow/executor';
import { describeProblems } from '@furrow/manifest';
import { eventText, type FunctionEvent, type FunctionFailure } from '@furrow/protocol';
import type { SandboxEvent } from '@furrow/sandbox';
import { backgroundLine, backgroundNotes } from './background-lines.ts';
import { safe, shorten } from './foreign-text.ts';
import type { Style } from './style.ts';

export interface View {
  readonly style: Style;
  readonly columns: number;
  readonly projectDir: string;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
}

interface Line {
  readonly event?: FunctionEvent | undefined;
  readonly result?: unknown;
  readonly atMs: number;
  readonly route: string;
  readonly connectionId?: string;
  readonly outcome: string;
  readonly durationMs?: number;
  readonly detail: string;
  readonly failure?: FunctionFailure | undefined;
}

const routeWidth = 12;
const idLength = 8;
const outcomeWidth = 5;

/** The lines that a person reads for an event; none for what was asked to be left out. Pure. */
export function describeEvent(event: SandboxEvent, view: View): string[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the key is the event's own type, which the compiler cannot follow
  const describe = describers[event.type] as (one: SandboxEvent, view: View) => string[];
  return describe(event, view);
}

type Of<Type extends SandboxEvent['type']> = Extract<SandboxEvent, { readonly type: Type }>;

/** One describer per event; the compiler asks for each. */
const describers: { readonly [Type in SandboxEvent['type']]: (event: Of<Type>, view: View) => string[] } = {
  connect(event, view) {
    const outcome = String(event.statusCode === 101 ? 200 : event.statusCode);
    const detail = [refusedBefore(event), event.origin].filter((part) => part !== undefined).join(', ');
    return eventLines({ ...event, route: 'connect', outcome, detail }, view);
  },
  message(event, view) {
    const hasFailed = event.failure !== undefined || event.errorFrame !== undefined;
    // Most events of a busy app, and nobody reads of them.
    if (view.isQuiet && !hasFailed && event.answer === undefined) return [];
    const line = {
      ...event,
      route: routeName(event.routeKey),
      outcome: hasFailed ? 'error' : 'ok',
      detail: event.body,
    };
    const frame = event.errorFrame === undefined ? [] : [note(`the client got ${event.errorFrame}, as on AWS`)];
    const answer = event.answer === undefined || !view.isVerbose ? [] : [note(`the client got ${event.answer}`)];
    return [...eventLines(line, view), ...answer, ...frame];
  },
  disconnect: (event, view) =>
    eventLines({ ...event, route: 'disconnect', outcome: String(event.code), detail: event.reason }, view),
  http: (event, view) =>
    eventLines(
      { ...event, route: event.method.toLowerCase(), outcome: String(event.statusCode), detail: event.path },
      view,
    ),
  background: (event, view) => [
    ...eventLines({ ...event, ...backgroundLine(event) }, view),
    ...backgroundNotes(event).map(note),
  ],
  output: (event, view) => outputLines(event.functionName, event.text, view),
  stray: (event, view) => [
    `${time(event.atMs)}  ${pad(lastPart(event.functionName), routeWidth)}  ${view.style.red('failed outside of an event')}  ${event.failure.errorType}: ${event.failure.errorMessage}`,
    ...failureLines(event.failure, view),
  ],
  leftBehind: ({ functionName, work, place }) => [
    note(`${functionName} left ${leftWork[work]} when it returned: ${place ?? 'begun in a package'}`),
    note('On AWS it waits for the next event. Await it before you return.'),
  ],
  notice: ({ text }) => [note(safe(text))],
  refused: (event, view) =>
    view.isQuiet
      ? []
      : [
          `${time(event.atMs)}  ${pad('refused', routeWidth)}  ${event.statusCode}  ${safe(event.what)}  ${safe(event.why)}`,
        ],
  violation: (event, view) =>
    view.isQuiet
      ? []
      : [
          `${time(event.atMs)}  ${pad('violation', routeWidth)}  ${event.connectionId.slice(0, idLength)}  ${event.code}  ${event.why}`,
        ],
  built: changeLines,
  manifestChanged: changeLines,
  manifestBroken: changeLines,
  environmentChanged: changeLines,
  tablesChanged: changeLines,
  seeded: ({ file, items, faults }) => [
    note(`${file}: ${items === 1 ? '1 item' : `${items} items`} written into the tables`),
    ...faults.map((fault) => note(`${file}: left out: ${safe(fault)}`)),
  ],
  environmentFault: ({ file, text, expected }) => [note(`${file}: "${safe(text)}" is not ${expected} and is left out`)],
  watchTrouble: ({ message }) => [note(`saves are not seen everywhere: ${safe(message)}`)],
};

const leftWork = {
  setTimeout: 'a timer running',
  setInterval: 'an interval running',
  fetch: 'a fetch without its answer',
  request: 'an HTTP request without its answer',
  socket: 'a socket connecting',
} as const satisfies Record<Of<'leftBehind'>['work'], string>;

type Change = Extract<
  SandboxEvent,
  { type: 'built' | 'manifestChanged' | 'manifestBroken' | 'tablesChanged' | 'environmentChanged' }
>;

function changeLines(event: Change, view: View): string[] {
  const start = `${time(event.atMs)}  ${pad('changed', routeWidth)}  `;
  switch (event.type) {
    case 'built': {
      const failed = event.reports.filter(({ failure }) => failure !== undefined);
      const built = event.reports.filter(({ failure }) => failure === undefined);
      const durationMs = Math.max(0, ...built.map((report) => report.durationMs));
      const what = event.files.length > 3 ? `${event.files.length} files` : event.files.join(', ');
      return [
        ...(built.length === 0
          ? []
          : [
              `${start}${view.style.bold(what)}  rebuilt in ${Math.round(durationMs)} ms, ${sockets(event.connections)}`,
            ]),
        ...describeFailures(failed, view),
      ];
    }
    case 'manifestChanged': {
      const changes = [...event.added.map((label) => `+ ${label}`), ...event.removed.map((label) => `- ${label}`)];
      return [
        ...(event.warnings.length === 0 ? [] : describeProblems(event.warnings).split('\n')),
        `${start}${view.style.bold(event.file)}  ${[...changes, sockets(event.connections)].join(', ')}`,
        ...event.afterRestart.map((what) => note(`${what} takes effect when the sandbox is started again`)),
      ];
    }
    case 'manifestBroken':
      return [...event.description.split('\n'), note('still serving the last good version')];
    case 'tablesChanged': {
      const tables = event.made.map((name) => `+ ${name}`);
      const indexes = [
        ...event.indexed.map((name) => `+ index ${name}`),
        ...event.dropped.map((name) => `- index ${name}`),
      ];
      return [`${start}${view.style.bold('tables')}  ${[...tables, ...indexes].join(', ')}`];
    }
    case 'environmentChanged':
      return [`${start}${view.style.bold(event.file)}  handlers start anew`];
    default:
      return event satisfies never;
  }
}

/** What cannot be run: functions without a handler in one line, the others with the place in the source. */
export function describeFailures(reports: readonly BuildReport[], view: View): string[] {
  const missing = reports.filter(({ isMissing, isServing }) => isMissing && !isServing).map(({ label }) => label);
  const broken = reports.filter(({ failure, isMissing, isServing }) => failure && (!isMissing || isServing));
  return [
    ...(missing.length === 0
      ? []
      : [
          `${pad(missing.join(', '), routeWidth)}  ${view.style.red('no handler yet')}  run "arc init" to make what is missing`,
        ]),
    ...broken.flatMap((report) => brokenLines(report, view)),
  ];
}

function brokenLines({ label, failure, problems, isMissing, isServing }: BuildReport, view: View): string[] {
  const what = isMissing ? 'its handler is gone' : 'does not build';
  const then = isServing ? 'the last good version keeps serving' : 'its events fail until it does';
  const head = `${pad(label, routeWidth)}  ${view.style.red(what)}  ${then}`;
  if (problems.length > 0) return [head, ...problems.flatMap(problemLines)];
  return isMissing || failure === undefined ? [head] : [head, note(failure.errorMessage)];
}

function problemLines({ message, file, line = 0, column = 1, text, length = 1 }: BuildProblem): string[] {
  if (file === undefined) return [note(message)];
  const gutter = String(line);
  return [
    note(`${file}:${line}:${column}  ${message}`),
    ...(text === undefined
      ? []
      : [
          note(`  ${gutter} | ${text}`),
          note(`  ${' '.repeat(gutter.length)} | ${margin(text, column)}${'^'.repeat(Math.max(1, length))}`),
        ]),
  ];
}

/** As wide as the text before a column: tabs stay tabs. */
function margin(text: string, column: number): string {
  return text.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
}

function eventLines(line: Line, view: View): string[] {
  const { failure } = line;
  if (view.isQuiet && failure === undefined) return [];
  const start = [
    view.style.dim(time(line.atMs)),
    pad(line.route, routeWidth),
    view.style.dim((line.connectionId ?? '').slice(0, idLength).padEnd(idLength)),
    (failure ? view.style.red : (text: string) => text)(line.outcome.padEnd(outcomeWidth)),
    duration(line.durationMs ?? 0).padStart(8),
  ].join('  ');
  const shown = failure === undefined ? line.detail : `${failure.errorType}: ${failure.errorMessage}`;
  const room = view.isVerbose ? Number.POSITIVE_INFINITY : Math.max(20, view.columns - 52 - 16);
  return [
    `${start}  ${failure === undefined ? shorten(shown, room) : safe(shown)}`.trimEnd(),
    ...(view.isVerbose ? wholeLines(line) : []),
    ...(failure ? failureLines(failure, view) : []),
  ];
}

/** What the function got and returned. */
function wholeLines({ event, result }: Line): string[] {
  return [
    ...(event === undefined ? [] : [note(`event   ${eventText(event)}`)]),
    ...(result === undefined ? [] : [note(`result  ${JSON.stringify(result)}`)]),
  ];
}

/** Where it failed, in the author's own files; the frames of Node and of the runtime say nothing to them. */
function failureLines({ trace }: FunctionFailure, { projectDir, isVerbose }: View): string[] {
  const frames = trace.filter((frame) => /^\s+at /.test(frame));
  const own = frames.filter((frame) => isVerbose || isAuthors(frame, projectDir));
  return own.slice(0, isVerbose ? 50 : 5).map((frame) => note(`| ${relativeFrame(frame, projectDir)}`));
}

function isAuthors(frame: string, projectDir: string): boolean {
  return (
    frame.includes(projectDir) && !frame.includes(`${sep}node_modules${sep}`) && !frame.includes(`${sep}.furrow${sep}`)
  );
}

function relativeFrame(frame: string, projectDir: string): string {
  return frame
    .replaceAll('file://', '')
    .replaceAll('commonjs-source:', '')
    .replaceAll(projectDir + sep, '')
    .replace(/^\s+/, '  ');
}

function outputLines(functionName: string, text: string, { style }: View): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  return lines.map((line) => note(`${pad(lastPart(functionName), routeWidth)}  ${style.dim('|')} ${line}`));
}

function note(text: string): string {
  return `          ${text}`;
}

function sockets(count: number): string {
  return `${count} ${count === 1 ? 'socket' : 'sockets'} kept`;
}

function routeName(routeKey: string): string {
  return routeKey === '$default' ? 'default' : routeKey || 'no route';
}

function lastPart(functionName: string): string {
  return functionName.slice(functionName.indexOf('/') + 1);
}

function pad(text: string, width: number): string {
  return text.padEnd(width);
}

function duration(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

function time(atMs: number): string {
  const date = new Date(atMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Why a handshake did not get as far as `src/ws/connect`; `undefined` where it did. */
function refusedBefore({ statusCode, event, authorizer }: Of<'connect'>): string | undefined {
  if (statusCode === 101 || event !== undefined) return undefined;
  if (authorizer !== undefined) return 'refused by ws/authorizer';
  return statusCode === 429 ? 'over the throttle of connect' : 'without what the authorizer goes by';
}
