import type { Problem } from './app.ts';

/** How much of a long line is shown around its problem. */
const before = 40;
const widest = 100;

/**
 * The problems as a person reads them: a block for each file with its lines, a caret under what is meant, and the way
 * out. No colour, no newline at the end; an empty text for no problems.
 */
export function describeProblems(problems: readonly Problem[]): string {
  const files = [...new Set(problems.map(({ file }) => file))];
  return files
    .map((file) =>
      describeFile(
        file,
        problems.filter((problem) => problem.file === file),
      ),
    )
    .join('\n\n');
}

function describeFile(file: string, problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const counts = [count(errors, 'problem'), count(problems.length - errors, 'warning')].filter((each) => each !== '');
  const placeWidth = Math.max(...problems.map((problem) => place(problem).length)) + 2;
  const codeWidth = Math.max(...problems.map(({ code }) => code.length));
  const blocks = problems.map((problem) => {
    const { code, severity, message, fix } = problem;
    const head = `  ${place(problem).padEnd(placeWidth)} ${code.padEnd(codeWidth)}`;
    const mark = severity === 'warning' && errors > 0 ? 'warning: ' : '';
    return [`${head} ${mark}${message}`, ...excerpt(problem), `    Fix: ${fix}`].join('\n');
  });
  return [`${file} has ${counts.join(' and ')}`, '', ...blocks].join('\n');
}

function count(number: number, what: string): string {
  if (number === 0) return '';
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function place({ file, line, column }: Problem): string {
  return `${file}:${line}:${column}`;
}

/** The line, cut when it is long, and the caret. Tabs and control characters become one character each. */
function excerpt({ line, column, length, text }: Problem): readonly string[] {
  const from = text.length <= widest || column - 1 <= before ? 0 : column - 1 - before;
  const lead = from > 0 ? '...' : '';
  const shown = text
    .slice(from, from + widest)
    .replaceAll('\t', ' ')
    .replaceAll(/\p{C}/gu, '?');
  const tail = from + widest < text.length ? '...' : '';
  const gutter = `    ${line} | `;
  const column0 = column - 1 - from;
  const carets = '^'.repeat(Math.max(1, Math.min(length, widest - column0)));
  return [`${gutter}${lead}${shown}${tail}`.trimEnd(), `${' '.repeat(gutter.length + lead.length + column0)}${carets}`];
}
