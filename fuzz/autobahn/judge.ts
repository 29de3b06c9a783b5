import type { ExpectedFailure } from './expected.ts';

/** What the fuzzing client says of one case. */
export interface CaseReport {
  readonly behavior: string;
  readonly behaviorClose: string;
  /** `null` where the server sent no close frame with a code. */
  readonly remoteCloseCode: number | null;
}

/** By number of the case: `1.1.6`. */
export type Report = Readonly<Record<string, CaseReport>>;

export interface Verdict {
  /** How many cases had an outcome. */
  readonly counts: ReadonlyMap<string, number>;
  /** Failed, as was expected. */
  readonly byRule: readonly string[];
  /** What must not be: one sentence each. */
  readonly problems: readonly string[];
}

/** `NON-STRICT` is within RFC 6455; `INFORMATIONAL` judges nothing. */
const passing = new Set(['OK', 'NON-STRICT', 'INFORMATIONAL']);

/**
 * Holds a report against the failures that are expected: no other may fail, all of these must, with their close code, and
 * every case must have run.
 */
export function judge(report: Report, expected: readonly ExpectedFailure[], caseCount: number): Verdict {
  const rules = new Map(expected.flatMap((rule) => rule.cases.map((id) => [id, rule] as const)));
  const counts = new Map<string, number>();
  const byRule: string[] = [];
  const problems: string[] = [];
  for (const [id, each] of Object.entries(report)) {
    const outcome = outcomeOf(each);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    const problem = problemOf(id, each, rules.get(id));
    if (problem !== undefined) problems.push(problem);
    else if (!isPassed(each)) byRule.push(id);
  }
  const missing = [...rules.keys()].filter((id) => !(id in report));
  if (missing.length > 0) problems.push(`Listed cases did not run: ${missing.join(', ')}.`);
  const ran = Object.keys(report).length;
  if (ran !== caseCount) problems.push(`${ran} cases ran; expected ${caseCount}.`);
  return { counts, byRule, problems };
}

function isPassed({ behavior, behaviorClose }: CaseReport): boolean {
  return passing.has(behavior) && passing.has(behaviorClose);
}

function outcomeOf(each: CaseReport): string {
  const { behavior, behaviorClose } = each;
  return behavior === behaviorClose || isPassed(each) ? behavior : `${behavior}, closing ${behaviorClose}`;
}

function problemOf(id: string, each: CaseReport, rule: ExpectedFailure | undefined): string | undefined {
  const { remoteCloseCode } = each;
  if (isPassed(each)) return rule && `${id} is listed as failing and passes.`;
  if (rule === undefined) return `${id} fails: ${outcomeOf(each)}, close code ${remoteCloseCode}.`;
  const { closeCode, reason } = rule;
  return remoteCloseCode === closeCode
    ? undefined
    : `${id} was closed with ${remoteCloseCode}; expected ${closeCode} (${reason}).`;
}

/** The verdict as the text of a page. */
export function describeVerdict(verdict: Verdict, expected: readonly ExpectedFailure[]): string {
  const { counts, byRule, problems } = verdict;
  return [
    '| outcome | cases |',
    '| --- | --- |',
    ...[...counts].map(([outcome, count]) => `| ${outcome} | ${count} |`),
    '',
    `Failed by API Gateway's own rules: ${byRule.length}. Failed otherwise: ${problems.length}.`,
    '',
    '| cases | close code | rule |',
    '| --- | --- | --- |',
    ...expected.map(({ cases, closeCode, reason }) => `| ${cases.join(', ')} | ${closeCode} | ${reason} |`),
    '',
    ...problems,
  ]
    .join('\n')
    .trimEnd();
}
