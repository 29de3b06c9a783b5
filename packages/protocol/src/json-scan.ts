/** What to look for in a JSON text: a tree of the paths to the values that are wanted. */
export interface WantedValue {
  /** Whether it is wanted itself, or only values inside of it. */
  readonly isWanted: boolean;
  /** What is wanted inside of it where it is an object. */
  readonly byKey: ReadonlyMap<string, WantedValue>;
  /** What is wanted inside of it where it is a list. */
  readonly byIndex: ReadonlyMap<number, WantedValue>;
}

/** The texts of wanted values; those that the JSON does not have are not in it. */
export type FoundValues = ReadonlyMap<WantedValue, string>;

/**
 * Finds values in a JSON text; `undefined` for a text that is not JSON (RFC 8259).
 *
 * Of a key that occurs twice the last one counts. Nothing is built, and only wanted values are gone into by recursion: the
 * time is some nanoseconds a character whatever is in the text, where `JSON.parse` takes 15 ms for 128 KB of brackets.
 */
export function scanJson(text: string, root: WantedValue): FoundValues | undefined {
  const found = new Map<WantedValue, string>();
  const end = endOfWanted(text, endOfSpace(text, 0), root, found);
  return end >= 0 && endOfSpace(text, end) === text.length ? found : undefined;
}

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openList = 0x5b;
const backslash = 0x5c;
const openObject = 0x7b;
/** From a bracket to the one that ends it. */
const toClosing = 2;

/** Where the value that begins at `at` ends; -1 where there is none. The same holds for all that follow. */
function endOfWanted(text: string, at: number, wanted: WantedValue, found: Map<WantedValue, string>): number {
  const char = text.charCodeAt(at);
  const isOpened = (char === openObject && wanted.byKey.size > 0) || (char === openList && wanted.byIndex.size > 0);
  const end = isOpened ? endOfMembers(text, at, wanted, found) : endOfValue(text, at);
  if (wanted.isWanted && end >= 0) found.set(wanted, text.slice(at, end));
  return end;
}

function endOfMembers(text: string, start: number, wanted: WantedValue, found: Map<WantedValue, string>): number {
  const opening = text.charCodeAt(start);
  let at = endOfSpace(text, start + 1);
  if (text.charCodeAt(at) === opening + toClosing) return at + 1;
  for (let index = 0; ; index += 1) {
    const valueAt = startOfValue(text, at, opening);
    if (valueAt < 0) return -1;
    const member = opening === openObject ? wanted.byKey.get(keyAt(text, at)) : wanted.byIndex.get(index);
    if (member !== undefined) forget(member, found);
    const end = member === undefined ? endOfValue(text, valueAt) : endOfWanted(text, valueAt, member, found);
    if (end < 0) return -1;
    at = endOfSpace(text, end);
    const char = text.charCodeAt(at);
    if (char === opening + toClosing) return at + 1;
    if (char !== comma) return -1;
    at = endOfSpace(text, at + 1);
  }
}

/** Takes back what an earlier member of the same name had. */
function forget(wanted: WantedValue, found: Map<WantedValue, string>): void {
  if (found.size === 0) return;
  found.delete(wanted);
  for (const inner of wanted.byKey.values()) forget(inner, found);
  for (const inner of wanted.byIndex.values()) forget(inner, found);
}

/** A key as it is meant. */
function keyAt(text: string, at: number): string {
  const quoted = text.slice(at, endOfString(text, at));
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

/** The opening brackets of what has not ended yet; kept, so that deep texts need no memory of their own. */
let open: Uint8Array = new Uint8Array(256);

function longer(brackets: Uint8Array): Uint8Array {
  const more = new Uint8Array(2 * brackets.length);
  more.set(brackets);
  return more;
}

function endOfValue(text: string, start: number): number {
  let at = start;
  let depth = 0;
  while (at >= 0) {
    const char = text.charCodeAt(at);
    if (char !== openList && char !== openObject) {
      at = endOfScalar(text, at);
    } else {
      at = endOfSpace(text, at + 1);
      if (text.charCodeAt(at) !== char + toClosing) {
        if (depth === open.length) open = longer(open);
        open[depth] = char;
        depth += 1;
        at = startOfValue(text, at, char);
        continue;
      }
      at += 1;
    }
    while (at >= 0) {
      if (depth === 0) return at;
      at = endOfSpace(text, at);
      const next = text.charCodeAt(at);
      const opening = open[depth - 1] ?? 0;
      if (next === comma) {
        at = startOfValue(text, endOfSpace(text, at + 1), opening);
        break;
      }
      if (next !== opening + toClosing) return -1;
      at += 1;
      depth -= 1;
    }
  }
  return -1;
}

/** Where the value of a member begins: behind its key and colon, or at once in a list. */
function startOfValue(text: string, at: number, opening: number): number {
  if (opening !== openObject) return at;
  const end = endOfString(text, at);
  if (end < 0) return -1;
  const colonAt = endOfSpace(text, end);
  return text.charCodeAt(colonAt) === colon ? endOfSpace(text, colonAt + 1) : -1;
}

function endOfSpace(text: string, at: number): number {
  let end = at;
  while (isSpace(text.charCodeAt(end))) end += 1;
  return end;
}

const isSpace = (char: number) => char <= 0x20 && (char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09);

function endOfScalar(text: string, at: number): number {
  const char = text.charCodeAt(at);
  if (char === quote) return endOfString(text, at);
  if (char === minus || isDigit(char)) return endOfNumber(text, at);
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, at)) return at + word.length;
  return -1;
}

const isDigit = (char: number) => char >= zero && char <= nine;

function endOfDigits(text: string, at: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end === at ? -1 : end;
}

function endOfNumber(text: string, start: number): number {
  const at = text.charCodeAt(start) === minus ? start + 1 : start;
  let end = text.charCodeAt(at) === zero ? at + 1 : endOfDigits(text, at);
  if (end >= 0 && text.charCodeAt(end) === dot) end = endOfDigits(text, end + 1);
  if (end < 0 || (text.charCodeAt(end) | 0x20) !== 0x65) return end;
  const sign = text.charCodeAt(end + 1);
  return endOfDigits(text, sign === minus || sign === 0x2b ? end + 2 : end + 1);
}

/** So many characters are looked at one by one; a pattern is quicker for long texts and slower to begin. */
const shortText = 32;

function endOfString(text: string, start: number): number {
  if (text.charCodeAt(start) !== quote) return -1;
  for (let at = start + 1; ;) {
    at = endOfPlain(text, at);
    const char = text.charCodeAt(at);
    if (char === quote) return at + 1;
    if (char !== backslash) return -1;
    escape.lastIndex = at;
    if (!escape.test(text)) return -1;
    at = escape.lastIndex;
  }
}

/** Where a text has its next quote, escape or forbidden character. */
function endOfPlain(text: string, start: number): number {
  for (let at = start; at < start + shortText; at += 1) {
    const char = text.charCodeAt(at);
    if (!(char >= 0x20) || char === quote || char === backslash) return at;
  }
  plain.lastIndex = start + shortText;
  plain.test(text);
  return plain.lastIndex;
}

const plain = /[^"\\\u0000-\u001f]*/y; // oxlint-disable-line no-control-regex -- JSON forbids them
const escape = /\\(?:["/\\bfnrt]|u[\dA-Fa-f]{4})/y;
