import type { Item, Pragma, Word } from '../tree.ts';

export type ArcValue = string | number | boolean | readonly ArcValue[] | { readonly [key: string]: ArcValue };

/** A manifest in the shape that Architect's own parser gives it, by pragma: `{ app: ['chat'], http: [['get', '/']] }`. */
export type ArcData = Readonly<Record<string, readonly ArcValue[]>>;

/** What pragmas are for plugins. A repeated pragma goes on with the earlier one's list. */
export function arcData(pragmas: readonly Pragma[]): ArcData {
  const data: Record<string, ArcValue[]> = {};
  for (const { name, items, isOff } of pragmas) {
    const values = isOff ? [false] : items.map(itemValue);
    data[name] = [...(data[name] ?? []), ...values];
  }
  return data;
}

/** One word is a value, several are a list; with lines below it, it is an object of one key. */
function itemValue({ words, children }: Item): ArcValue {
  const [{ text }] = words;
  if (children.length === 0) return words.length === 1 ? words[0].value : words.map(valueOf);
  const isVector = children.every((child) => child.words.length === 1 && child.children.length === 0);
  return { [text]: isVector ? children.map((child) => child.words[0].value) : settingsOf(children) };
}

/** Lines as an object: one value stays a value, several or those below are a list. */
export function settingsOf(items: readonly Item[]): Readonly<Record<string, ArcValue>> {
  return Object.fromEntries(items.map((item) => [item.words[0].text, settingValue(item)]));
}

function settingValue({ words: [, ...rest], children }: Item): ArcValue {
  const [first, second] = rest;
  if (first !== undefined && second === undefined && children.length === 0) return first.value;
  if (children.length === 0) return rest.map(valueOf);
  const isList = children.every((child) => child.words.length === 1 && child.children.length === 0);
  return isList ? [...rest.map(valueOf), ...children.map((child) => child.words[0].value)] : settingsOf(children);
}

function valueOf({ value }: Word): ArcValue {
  return value;
}
