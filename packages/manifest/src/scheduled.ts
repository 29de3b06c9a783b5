import { readBackground, type BackgroundDraft, type BackgroundLine } from './background.ts';
import { faults, quote } from './errors.ts';
import type { Report } from './report.ts';
import { parseSchedule } from './schedule.ts';
import type { Place, Pragma, Word } from './tree.ts';

export interface ScheduledDraft extends BackgroundDraft {
  /** `rate(1 day)`, `cron(0 15 ? * FRI *)` */
  readonly expression: string;
}

const forms = ['rate', 'cron'] as const;

/** Reads `@scheduled`: a name and its expression a line, or the expression below. A line with a fault is left out. */
export function readScheduled(pragma: Pragma | undefined, report: Report): readonly ScheduledDraft[] {
  if (pragma === undefined) return [];
  const lines = readBackground(pragma, { kind: 'scheduled', noun: 'scheduled', known: forms }, report);
  return lines.flatMap((line) => {
    const said = readExpression(line, report);
    if (said === undefined) return [];
    const parsed = parseSchedule(said.text);
    if (parsed.type === 'invalid') {
      report.add(faults.schedule(said.at, `${quote(said.text)} ${parsed.why}.`, parsed.fix));
      return [];
    }
    return [{ ...line.draft, expression: said.text }];
  });
}

interface Said {
  readonly text: string;
  readonly at: Place;
}

/** The one expression of a line; `undefined` after a fault when there is none, or more than one. */
function readExpression({ draft, rest, settings }: BackgroundLine, report: Report): Said | undefined {
  const below = forms.flatMap((form) => {
    const setting = settings.get(form);
    if (setting === undefined) return [];
    return [{ text: `${form}(${joined(setting.values)})`, at: placeOf(setting.values) ?? setting.key.at }];
  });
  const beside = placeOf(rest);
  const said = [...(beside === undefined ? [] : [{ text: joined(rest), at: beside }]), ...below];
  const [first, second] = said;
  const name = quote(draft.ownName);
  if (first === undefined) {
    report.add(faults.schedule(draft.at, `${name} does not say when it runs.`, 'Write rate(1 day) behind it.'));
  } else if (second !== undefined) {
    report.add(faults.schedule(second.at, `${name} has a second expression.`, 'Keep one of them.'));
    return undefined;
  }
  return first;
}

function joined(words: readonly Word[]): string {
  return words
    .map(({ text }) => text)
    .join(' ')
    .trim();
}

/** From the first word to the end of the last, when they stand on one line. */
function placeOf(words: readonly Word[]): Place | undefined {
  const [first, last] = [words[0]?.at, words.at(-1)?.at];
  if (first === undefined || last === undefined || last.line !== first.line) return first;
  return { ...first, length: last.column + last.length - first.column };
}
