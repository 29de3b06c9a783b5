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

function quote(value: string): string {
  if (/^[\w./:@+,-]*$/.test(value)) return value;
  const mark = ["'", '`', '"'].find((each) => !value.includes(each));
  // With all three in it there is no way to write it whole; the first quote keeps the most.
  return mark === undefined ? `'${value}'` : mark + value + mark;
}
