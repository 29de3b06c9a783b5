import { parseEnv } from 'node:util';

/**
 * The text of a `.env` file with one variable set, or without it. Other lines stay as they are. Pure.
 *
 * Quotes are those that Node's own reader takes literally.
 */
export function setVariable(text: string, name: string, value: string | undefined): string {
  const own = new RegExp(
    String.raw`^[ \t]*(?:export[ \t]+)?${name}[ \t]*=[ \t]*(?:'[^']*'|"[^"]*"|` +
      '`[^`]*`' +
      String.raw`|.*)(?:\r?\n|$)`,
    'm',
  );
  const added = value === undefined ? '' : `${name}=${quote(value)}\n`;
  if (own.test(text)) return text.replace(own, () => added);
  if (added === '') return text;
  return text === '' || text.endsWith('\n') ? text + added : `${text}\n${added}`;
}

/** Whether a `.env` file can hold a value so that Node reads it as it is. Pure. */
export function canHold(value: string): boolean {
  return parseEnv(setVariable('', 'NAME', value))['NAME'] === value;
}

function quote(value: string): string {
  if (/^[\w./:@+,-]*$/.test(value)) return value;
  const mark = ["'", '`', '"'].find((each) => !value.includes(each)) ?? "'";
  return mark + value + mark;
}
