import { nearest, type App, type FunctionDefinition } from '@furrow/manifest';
import { errors } from '../errors.ts';

/** All the ways in which people name a function: `ws/join`, `join`, `get /`, `src/ws/join`. */
function namesOf({ name, label, sourceDir }: FunctionDefinition): readonly string[] {
  return [name, label, sourceDir];
}

function tidy(word: string): string {
  return word
    .replaceAll('\\', '/')
    .replace(/^\.\//, '')
    .replace(/(?<=[^ ])\/+$/, '');
}

/**
 * The functions that words name; all of them for no words. `get` and `/rooms` that stand apart are one name, and so are `event` and `likes`.
 *
 * @throws {FUNCTION_UNKNOWN} when a word names none.
 */
export function chooseFunctions(app: App, words: readonly string[]): readonly FunctionDefinition[] {
  if (words.length === 0) return app.functions;
  return [...new Set(joinMethods(app, words).flatMap((word) => find(app, word)))];
}

function find(app: App, word: string): readonly FunctionDefinition[] {
  const wanted = tidy(word);
  const found = app.functions.filter((each) => namesOf(each).includes(wanted));
  if (found.length > 0) return found;
  throw errors.functionUnknown(word, suggestFunction(app, word));
}

/** The function that a word was probably meant to name, by the name that people use. */
export function suggestFunction(app: App, word: string): string | undefined {
  const wanted = tidy(word);
  const suggestion = nearest(wanted, app.functions.flatMap(namesOf));
  return app.functions.find((each) => suggestion !== undefined && namesOf(each).includes(suggestion))?.label;
}

/** A shell makes two words of `get /rooms` and of `event likes`. */
function joinMethods(app: App, words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const pair = `${words[at]} ${words[at + 1]}`;
    const isPair = app.functions.some(({ label }) => label === pair);
    joined.push(isPair ? pair : (words[at] ?? ''));
    if (isPair) at += 1;
  }
  return joined;
}
