import { faults, quote } from './errors.ts';
import type { Report } from './report.ts';
import type { Pragma, Word } from './tree.ts';
import { oneValue, valuesOf } from './values.ts';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html (read 2026-11) */
const maxVariables = 100;
const nameLike = /^\w{1,64}$/;
const valueLike = /^[\w.~:/?#&=,-]{1,512}$/;

/** Reads `@stage-variables`: a name and its value on each line. */
export function readStageVariables(pragma: Pragma, report: Report): Readonly<Record<string, string>> {
  const names = new Map<string, Word>();
  const variables: [string, string][] = [];
  for (const item of pragma.items) {
    const [key] = item.words;
    const earlier = names.get(key.text);
    const word = oneValue({ key, values: valuesOf(item, report) }, report);
    if (!nameLike.test(key.text)) report.add(faults.stageVariableName(key.at, key.text));
    else if (earlier !== undefined) report.add(faults.settingTwice(key.at, key.text, earlier.at.line));
    else if (word !== undefined && isValue(word, key.text, report)) variables.push([key.text, word.text]);
    names.set(key.text, earlier ?? key);
    if (names.size === maxVariables + 1 && earlier === undefined) {
      report.add(faults.stageVariablesMany(key.at, maxVariables));
    }
  }
  return Object.fromEntries(variables);
}

function isValue({ text, at }: Word, name: string, report: Report): boolean {
  if (valueLike.test(text)) return true;
  const why = `"${name}" cannot be ${quote(text)}.`;
  report.add(
    faults.settingValue(
      at,
      why,
      'Write 1 to 512 letters, digits, "-", ".", "_", "~", ":", "/", "?", "#", "&", "=", ",".',
    ),
  );
  return false;
}
