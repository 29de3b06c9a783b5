import type { Problem } from './app.ts';
import { faults } from './errors.ts';
import { splitLines } from './lines.ts';
import type { Fault, Report } from './report.ts';

/** One file and what was found in it. */
export interface Checked {
  readonly file: string;
  readonly text: string;
  readonly report: Report;
}

/** More than a screen holds. */
const maxShown = 50;

/** The problems of several files, each file's in the order of its lines; what is beyond 50 becomes one that counts. */
export function createProblems(checked: readonly Checked[]): readonly Problem[] {
  const problems = checked.flatMap(({ file, text, report }) => {
    const lines = splitLines(text);
    return report.faults.toSorted(byPlace).map((fault) => createProblem(fault, file, lines));
  });
  const total = checked.reduce((sum, { report }) => sum + report.total, 0);
  const last = problems[maxShown - 1];
  if (last === undefined || total <= maxShown) return problems;
  const { code, message, fix } = faults.problemsMore(
    { line: last.line, column: last.column, length: 0 },
    total - maxShown,
  );
  const severity = checked.some(({ report }) => report.hasErrors) ? 'error' : 'warning';
  return [...problems.slice(0, maxShown), { ...last, severity, code, message, fix: resolve(fix) }];
}

function byPlace(one: Fault, other: Fault): number {
  return one.at.line - other.at.line || one.at.column - other.at.column;
}

/** Keeps the place inside the line: a quoted text may go on below it. */
function createProblem({ at, fix, ...fault }: Fault, file: string, lines: readonly string[]): Problem {
  const line = Math.min(at.line, lines.length);
  const text = lines[line - 1] ?? '';
  const column = Math.min(at.column, text.length + 1);
  const length = Math.max(1, Math.min(at.length, text.length - column + 1));
  return { ...fault, fix: resolve(fix), file, line, column, length, text };
}

function resolve(fix: Fault['fix']): string {
  return typeof fix === 'string' ? fix : fix();
}
