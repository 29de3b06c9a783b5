import { faults, quote } from './errors.ts';
import { nearest } from './nearest.ts';
import type { Report } from './report.ts';
import type { Item, Word } from './tree.ts';

/** A key and what is said for it, on its line or indented below. */
export interface Setting {
  readonly key: Word;
  readonly values: readonly Word[];
}

/** What a reader of one setting is handed. */
interface ReadContext {
  readonly report: Report;
  /** The app's region, when it says one. */
  readonly region: string | undefined;
  /** Names of runtimes that plugins bring. @default none */
  readonly runtimes?: readonly string[];
}

/** Turns a setting into its value; `undefined` after a fault. The value itself may be `undefined`: unset. */
export type Reader<T> = (setting: Setting, context: ReadContext) => { readonly value: T } | undefined;

interface SettingsOptions {
  readonly known: readonly string[];
  /** Settings of another place; here they would be passed over, so they are errors. @default none */
  readonly elsewhere?: readonly string[];
  /** Those that may be said on several lines, by their other names. @default none */
  readonly lists?: Readonly<Record<string, string>>;
  readonly owner: string;
  readonly report: Report;
}

/** More than so many are no slips, and looking for what each is like takes its time. */
const mostUnknown = 50;

/** Items as settings. Unknown and repeated keys are faults and are left out. */
export function readSettings(items: readonly Item[], options: SettingsOptions): ReadonlyMap<string, Setting> {
  const { known, elsewhere = [], lists = {}, owner, report } = options;
  const settings = new Map<string, Setting>();
  let unknown = 0;
  for (const item of items) {
    const [written] = item.words;
    const name = Object.hasOwn(lists, written.text) ? (lists[written.text] ?? '') : written.text;
    const key = { ...written, text: name };
    const earlier = settings.get(name);
    if (!known.includes(name)) {
      unknown += 1;
      const isSlip = elsewhere.includes(name) || unknown > mostUnknown || nearest(name, known) !== undefined;
      report.add(faults.settingUnknown(key.at, { key: name, owner, known, isSlip }));
    } else if (earlier === undefined) settings.set(name, { key, values: valuesOf(item, report) });
    else if (Object.values(lists).includes(name)) {
      settings.set(name, { ...earlier, values: [...earlier.values, ...valuesOf(item, report)] });
    } else report.add(faults.settingTwice(key.at, name, earlier.key.at.line));
  }
  return settings;
}

/** What is said for a key on its line and indented below it. */
export function valuesOf(item: Item, report: Report): readonly Word[] {
  const values = item.words.slice(1);
  for (const child of item.children) {
    const [first, second] = child.words;
    const extra = second ?? child.children[0]?.words[0];
    if (extra !== undefined) {
      report.add(
        faults.settingValue(
          extra.at,
          `"${item.words[0].text}" takes one value a line.`,
          'Put it on a line of its own.',
        ),
      );
    }
    values.push(first);
  }
  return values;
}

/** The only value of a setting; `undefined` after a fault when there is none, or more than one. */
export function oneValue(setting: Setting, report: Report): Word | undefined {
  const { key, values } = setting;
  const [value, extra] = values;
  if (value === undefined) {
    report.add(faults.settingValue(key.at, `"${key.text}" has no value.`, `Write one after "${key.text}".`));
  } else if (extra !== undefined) {
    report.add(faults.settingValue(extra.at, `"${key.text}" takes one value.`, 'Keep one of them.'));
    return undefined;
  }
  return value;
}

/** A reader for one value that `choose` accepts; `expected` completes the way out. */
export function oneOf<T>(choose: (word: Word) => { readonly value: T } | undefined, expected: string): Reader<T> {
  return (setting, { report }) => {
    const word = oneValue(setting, report);
    const chosen = word === undefined ? undefined : choose(word);
    if (word !== undefined && chosen === undefined) {
      const message = `"${setting.key.text}" cannot be ${quote(word.text)}.`;
      report.add(faults.settingValue(word.at, message, `Write ${expected}.`));
    }
    return chosen;
  };
}

/** A whole number in a range, both ends included. */
export function wholeNumber(from: number, to: number, unit = ''): Reader<number> {
  return oneOf((word) => wholeNumberOf(word, from, to), `a whole number from ${from} to ${to}${unit}`);
}

/** A whole number from `from` up, or the word that says "none". */
export function numberOrUnset(from: number, unset: string): Reader<number | undefined> {
  return oneOf<number | undefined>(
    (word) => (word.text === unset ? { value: undefined } : wholeNumberOf(word, from, Number.MAX_SAFE_INTEGER)),
    `a whole number from ${from}, or "${unset}"`,
  );
}

/** A number from `from` up, with a fraction or without. */
export function numberFrom(from: number): Reader<number> {
  return oneOf((word) => {
    const value = numberOf(word);
    return value !== undefined && value >= from ? { value } : undefined;
  }, `a number from ${from}`);
}

function wholeNumberOf(word: Word, from: number, to: number): { readonly value: number } | undefined {
  const value = numberOf(word);
  if (value === undefined || !Number.isInteger(value)) return undefined;
  return value >= from && value <= to ? { value } : undefined;
}

/** What a word says as a number, in quotes too; `undefined` for what is none, or no finite one. */
function numberOf(word: Word): number | undefined {
  const value = typeof word.value === 'number' || word.text.trim() === '' ? word.value : Number(word.text);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** `true` or `false`. */
export const trueOrFalse: Reader<boolean> = oneOf(
  ({ text }) => (text === 'true' || text === 'false' ? { value: text === 'true' } : undefined),
  'true or false',
);

/** Text that matches a pattern. */
export function textLike(pattern: RegExp, expected: string): Reader<string> {
  return oneOf(({ text }) => (pattern.test(text) ? { value: text } : undefined), expected);
}

/** One word or more, each of which must match. */
export function textList(pattern: RegExp, expected: string): Reader<readonly string[]> {
  return ({ key, values }, { report }) => {
    const wrong = values.filter((word) => !pattern.test(word.text));
    for (const { at, text } of wrong) {
      report.add(faults.settingValue(at, `"${key.text}" cannot hold ${quote(text)}.`, `Write ${expected}.`));
    }
    if (values.length === 0) {
      report.add(faults.settingValue(key.at, `"${key.text}" has no value.`, `Write ${expected}.`));
    }
    return wrong.length === 0 && values.length > 0 ? { value: values.map(({ text }) => text) } : undefined;
  };
}
