import type { RunnableFunction } from './function.ts';

/** How a function is run: by our own Node process, or by what speaks Lambda's Runtime API. */
export type Language = 'node' | 'python' | 'ruby' | 'bootstrap' | 'command' | 'unknown';

const languages: readonly (readonly [RegExp, Language])[] = [
  [/^nodejs/, 'node'],
  [/^python/, 'python'],
  [/^ruby/, 'ruby'],
  [/^provided/, 'bootstrap'],
];

/** What runs a function: its own command, or what its runtime says. Without a runtime it is Node. */
export function languageOf({
  runtime = 'nodejs',
  command = [],
}: Pick<RunnableFunction, 'runtime' | 'command'>): Language {
  if (command.length > 0) return 'command';
  return languages.find(([pattern]) => pattern.test(runtime))?.[1] ?? 'unknown';
}

/**
 * The file that holds the handler of a function in another language, with `/` between its parts; `undefined` where the
 * handler names none.
 *
 * `lib/main.py` of the handlers `lib/main.handler` and `lib.main.handler`.
 *
 * @param runtime `python3.13`, `ruby3.4`, `provided.al2023`, `java21`
 */
export function otherHandlerFile(runtime: string, handler: string): string | undefined {
  const language = languageOf({ runtime });
  const file = handler.slice(0, Math.max(0, handler.lastIndexOf('.')));
  if (language === 'python') return `${file.replaceAll('.', '/')}.py`;
  if (language === 'ruby') return `${file}.rb`;
  return language === 'bootstrap' ? 'bootstrap' : undefined;
}
