/** When something runs, in UTC. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html (read 2026-11) */
export type Schedule =
  | { readonly type: 'rate'; readonly everyMs: number }
  | {
      readonly type: 'cron';
      readonly minutes: readonly number[];
      readonly hours: readonly number[];
      readonly days: CronDays;
      /** From 1. */
      readonly months: readonly number[];
      readonly years: readonly number[];
    };

/** Days of a month, or of a week, where 1 is Sunday. */
export type CronDays =
  | { readonly of: 'month'; readonly rules: readonly MonthDay[] }
  | { readonly of: 'week'; readonly rules: readonly WeekDay[] };

/** A day by its number, the last one, or the workday nearest to it. */
export interface MonthDay {
  readonly day: number | 'last';
  readonly isNearestWorkday: boolean;
}

/** Every such day, the last one of a month, or the one of that number. */
export interface WeekDay {
  readonly day: number;
  readonly which: 'every' | 'last' | number;
}

/** What is wrong with an expression: `why` goes on from its text. */
interface Invalid {
  readonly type: 'invalid';
  readonly why: string;
  readonly fix: string;
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const maxLength = 256;
const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const weekdayNames = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** Reads a `rate(...)` or `cron(...)` of EventBridge; says why when EventBridge would not take it. */
export function parseSchedule(text: string): Schedule | Invalid {
  if (text.length > maxLength) return invalid(`has ${text.length} characters`, `Use ${maxLength} at most.`);
  const [, form, inside = ''] = /^(rate|cron)\(([^()]*)\)$/.exec(text) ?? [];
  if (form === 'rate') return parseRate(inside);
  if (form === 'cron') return parseCron(inside.trim().split(/\s+/));
  return invalid('is neither a rate nor a cron expression', 'Write rate(1 day) or cron(0 15 ? * FRI *).');
}

function invalid(why: string, fix: string): Invalid {
  return { type: 'invalid', why, fix };
}

function parseRate(inside: string): Schedule | Invalid {
  const [, count = '', unit, plural] = /^(\d{1,9}) (minute|hour|day)(s?)$/.exec(inside.trim()) ?? [];
  const number = Number(count);
  if (unit === undefined || number === 0)
    return invalid(
      'is no rate',
      'Write a whole number from 1 and minute, minutes, hour, hours, day or days: rate(5 minutes).',
    );
  if ((number === 1) !== (plural === '')) {
    const right = `rate(${number} ${unit}${number === 1 ? '' : 's'})`;
    return invalid(`has ${number} with the wrong form of "${unit}"`, `Write ${right}.`);
  }
  return { type: 'rate', everyMs: number * unitMs[unit === 'minute' || unit === 'hour' ? unit : 'day'] };
}

type Fields = readonly [string, string, string, string, string, string];

function areSix(fields: readonly string[]): fields is Fields {
  return fields.length === 6;
}

function parseCron(fields: readonly string[]): Schedule | Invalid {
  if (!areSix(fields))
    return invalid(
      `has ${fields.length} fields of the six`,
      'Write minutes, hours, day of month, month, day of week and year.',
    );
  const [minute, hour, monthDay, month, weekday, year] = fields;
  if ((monthDay === '?') === (weekday === '?'))
    return invalid('must have "?" for one of the day of month and the day of week', 'Write "?" for one of the two.');
  const minutes = parseNumbers(minute, { from: 0, to: 59 });
  if (minutes === undefined) return wrongField('minutes', minute, '0 to 59');
  const hours = parseNumbers(hour, { from: 0, to: 23 });
  if (hours === undefined) return wrongField('hours', hour, '0 to 23');
  const days = parseDays(monthDay, weekday);
  if (days.type === 'invalid') return days;
  const months = parseNumbers(month, { from: 1, to: 12, names: monthNames });
  if (months === undefined) return wrongField('month', month, '1 to 12 or JAN to DEC');
  const years = parseNumbers(year, { from: 1970, to: 2199, isCyclic: false });
  if (years === undefined) return wrongField('year', year, '1970 to 2199');
  return { type: 'cron', minutes, hours, days: days.days, months, years };
}

function parseDays(monthDay: string, weekday: string): { readonly type: 'days'; readonly days: CronDays } | Invalid {
  const isOfMonth = weekday === '?';
  const days = isOfMonth ? parseMonthDays(monthDay) : parseWeekDays(weekday);
  if (days !== undefined) return { type: 'days', days };
  return isOfMonth
    ? wrongField('day of month', monthDay, '1 to 31, L, or W behind a number')
    : wrongField('day of week', weekday, '1 to 7, SUN to SAT, 6L or 6#3');
}

function wrongField(name: string, text: string, values: string): Invalid {
  return invalid(`has "${text}" as its ${name}`, `Write ${values}, with "," "-" "*" and "/" as EventBridge has them.`);
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
  /** @default true */
  readonly takesSteps?: boolean;
  /** Whether a range may go past the end: FRI-MON. @default true */
  readonly isCyclic?: boolean;
}

/** The numbers that a field stands for, in order; `undefined` when it stands for none. */
function parseNumbers(field: string, range: Range): readonly number[] | undefined {
  const parts = field.split(',').map((part) => parsePart(part, range));
  const numbers = parts.flatMap((part) => part ?? []);
  if (parts.includes(undefined)) return undefined;
  return [...new Set(numbers)].toSorted((one, other) => one - other);
}

/** `*`, `5`, `5-9`, and each with a step behind it: `5/10` goes on to the end. */
function parsePart(part: string, range: Range): readonly number[] | undefined {
  const [, start = '', end, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,4}))?$/.exec(part) ?? [];
  const first = start === '*' ? range.from : numberOf(start, range);
  const last = lastOf({ start, end, hasStep: step !== undefined }, range);
  const stride = strideOf(step, range);
  if (first === undefined || last === undefined || stride === undefined) return undefined;
  const size = range.to - range.from + 1;
  if (last < first && range.isCyclic === false) return undefined;
  const length = last >= first ? last - first : last - first + size;
  return Array.from({ length: Math.floor(length / stride) + 1 }, (_, index) => {
    return range.from + ((first - range.from + index * stride) % size);
  });
}

function strideOf(step: string | undefined, { takesSteps = true }: Range): number | undefined {
  if (step === undefined) return 1;
  return takesSteps && Number(step) > 0 ? Number(step) : undefined;
}

function lastOf(
  { start, end, hasStep }: { readonly start: string; readonly end: string | undefined; readonly hasStep: boolean },
  range: Range,
): number | undefined {
  if (end !== undefined) return start === '*' ? undefined : numberOf(end, range);
  return start === '*' || hasStep ? range.to : numberOf(start, range);
}

function numberOf(text: string, { from, to, names = [] }: Range): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return from + named;
  const number = /^\d{1,4}$/.test(text) ? Number(text) : -1;
  return number >= from && number <= to ? number : undefined;
}

function parseMonthDays(field: string): CronDays | undefined {
  const rules = field.split(',').map((part): readonly MonthDay[] | undefined => {
    if (part === 'L' || part === 'LW') return [{ day: 'last', isNearestWorkday: part === 'LW' }];
    const isNearestWorkday = /^\d+W$/.test(part);
    const numbers = parseNumbers(isNearestWorkday ? part.slice(0, -1) : part, { from: 1, to: 31 });
    return numbers?.map((day) => ({ day, isNearestWorkday }));
  });
  return rules.includes(undefined) ? undefined : { of: 'month', rules: rules.flatMap((rule) => rule ?? []) };
}

function parseWeekDays(field: string): CronDays | undefined {
  const range = { from: 1, to: 7, names: weekdayNames, takesSteps: false };
  const rules = field.split(',').map((part): readonly WeekDay[] | undefined => {
    const [, name, last, number] = /^(\w+?)(?:(L)|#([1-5]))$/.exec(part) ?? [];
    if (part === 'L') return [{ day: 7, which: 'every' }];
    const day = name === undefined ? undefined : numberOf(name, range);
    if (day !== undefined) return [{ day, which: last === undefined ? Number(number) : 'last' }];
    return parseNumbers(part, range)?.map((each) => ({ day: each, which: 'every' }));
  });
  return rules.includes(undefined) ? undefined : { of: 'week', rules: rules.flatMap((rule) => rule ?? []) };
}
