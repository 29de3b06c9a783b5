import { findingAt, type Finding, type TextFile } from './finding.ts';

type Lifecycle = readonly [ended: string, noCreate: string, noUpdate: string, instead: string];

/**
 * When AWS ends a runtime, takes no new functions of it, and no changes of those that are there.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (as of cfn-lint 1.58.0, read 2026-11)
 */
const lifecycles: Readonly<Record<string, Lifecycle>> = {
  'nodejs4.3': ['2020-03-05', '2020-02-03', '2020-03-05', 'nodejs24.x'],
  'nodejs6.10': ['2019-08-12', '2019-07-12', '2019-08-12', 'nodejs24.x'],
  'nodejs8.10': ['2020-03-06', '2020-02-04', '2020-03-06', 'nodejs24.x'],
  'nodejs10.x': ['2021-07-30', '2021-07-30', '2022-02-14', 'nodejs24.x'],
  'nodejs12.x': ['2023-03-31', '2023-03-31', '2023-04-30', 'nodejs24.x'],
  'nodejs14.x': ['2023-12-04', '2024-01-09', '2027-03-03', 'nodejs24.x'],
  'nodejs16.x': ['2024-06-12', '2027-02-01', '2027-03-03', 'nodejs24.x'],
  'nodejs18.x': ['2025-09-01', '2027-02-01', '2027-03-03', 'nodejs24.x'],
  'nodejs20.x': ['2026-04-30', '2027-02-01', '2027-03-03', 'nodejs24.x'],
  'nodejs22.x': ['2027-04-30', '2027-06-01', '2027-07-01', 'nodejs24.x'],
  'python2.7': ['2021-07-15', '2021-07-15', '2022-05-30', 'python3.14'],
  'python3.6': ['2022-07-18', '2022-07-18', '2022-08-29', 'python3.14'],
  'python3.7': ['2023-12-04', '2024-01-09', '2027-03-03', 'python3.14'],
  'python3.8': ['2024-10-14', '2027-02-01', '2027-03-03', 'python3.14'],
  'python3.9': ['2025-12-15', '2027-02-01', '2027-03-03', 'python3.14'],
  'python3.10': ['2026-10-31', '2027-02-01', '2027-03-03', 'python3.14'],
  'python3.11': ['2027-06-30', '2027-07-31', '2027-08-31', 'python3.14'],
  'ruby2.5': ['2021-07-30', '2021-07-30', '2022-03-31', 'ruby3.4'],
  'ruby2.7': ['2023-12-07', '2024-01-09', '2027-03-03', 'ruby3.4'],
  'ruby3.2': ['2026-03-31', '2027-02-01', '2027-03-03', 'ruby3.4'],
  'ruby3.3': ['2027-03-31', '2027-04-30', '2027-05-31', 'ruby3.4'],
  java8: ['2024-01-08', '2024-02-08', '2027-03-03', 'java25'],
  'java8.al2': ['2027-06-30', '2027-07-31', '2027-08-31', 'java25'],
  java11: ['2027-06-30', '2027-07-31', '2027-08-31', 'java25'],
  java17: ['2027-06-30', '2027-07-31', '2027-08-31', 'java25'],
  'dotnetcore3.1': ['2023-04-03', '2023-04-03', '2023-05-03', 'dotnet10'],
  dotnet6: ['2024-12-20', '2027-02-01', '2027-03-03', 'dotnet10'],
  dotnet8: ['2026-11-10', '2027-02-01', '2027-03-03', 'dotnet10'],
  'go1.x': ['2024-01-08', '2024-02-08', '2027-03-03', 'provided.al2023'],
  provided: ['2024-01-08', '2024-02-08', '2027-03-03', 'provided.al2023'],
  'provided.al2': ['2026-07-31', '2027-02-01', '2027-03-03', 'provided.al2023'],
};

/** How long before a runtime's end it is said. */
const noticeMs = 90 * 24 * 60 * 60 * 1000;

/** `runtime nodejs18.x`, `"runtime": "nodejs18.x"`, `runtime: nodejs18.x`, not behind a `#`. */
const setting = /^([^#\n]*?\bruntime\b["']?[ \t]*:?[ \t]*["']?)([\w.-]+)/gm;

/** Runtimes of manifests and config files that Lambda has ended, or soon will. Pure. */
export function runtimeFindings(files: readonly TextFile[], nowMs: number): readonly Finding[] {
  return files.flatMap((file) =>
    [...file.text.matchAll(setting)].flatMap(({ 1: before = '', 2: runtime = '', index }) => {
      const words = Object.hasOwn(lifecycles, runtime) ? say(runtime, lifecycles[runtime], nowMs) : undefined;
      const start = index + before.length;
      return words === undefined ? [] : [findingAt(file, { start, end: start + runtime.length }, words)];
    }),
  );
}

function say(runtime: string, lifecycle: Lifecycle | undefined, nowMs: number) {
  if (lifecycle === undefined) return undefined;
  const [ended, noCreate, noUpdate, instead] = lifecycle;
  const isPast = (day: string) => Date.parse(day) <= nowMs;
  const fix = `Write "runtime ${instead}".`;
  if (isPast(noCreate)) {
    const message = `AWS takes no new function of ${runtime} since ${noCreate}, and no change of one from ${noUpdate}.`;
    return { outcome: 'on-aws', severity: 'error', code: 'RUNTIME_ENDED', message, fix } as const;
  }
  if (Date.parse(ended) > nowMs + noticeMs) return undefined;
  const end = isPast(ended) ? `AWS ended ${runtime} on ${ended}` : `AWS ends ${runtime} on ${ended}`;
  const message = `${end}: no new function of it from ${noCreate}, no change of one from ${noUpdate}.`;
  return { outcome: 'later', severity: 'warning', code: 'RUNTIME_ENDING', message, fix } as const;
}
