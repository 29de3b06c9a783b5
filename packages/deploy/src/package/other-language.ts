/** The files that hold the handlers of languages whose handlers name their file. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/^python/, '.py'],
  [/^ruby/, '.rb'],
];

/**
 * The file that a function in another language lacks; `undefined` when nothing is known to be missing. Pure.
 *
 * @param runtime `python3.13`, `ruby3.4`, `provided.al2023`, `java21`
 */
export function missingHandler(
  runtime: string,
  handler: string,
  files: readonly { readonly path: string }[],
): string | undefined {
  if (files.length === 0) return 'files';
  const wanted = handlerFile(runtime, handler);
  return wanted === undefined || files.some(({ path }) => path === wanted) ? undefined : wanted;
}

/** `lib/main.py` of the handlers `lib/main.handler` and `lib.main.handler`. */
function handlerFile(runtime: string, handler: string): string | undefined {
  if (runtime.startsWith('provided')) return 'bootstrap';
  const ending = endings.find(([language]) => language.test(runtime))?.[1];
  if (ending === undefined) return undefined;
  const file = handler.slice(0, Math.max(0, handler.lastIndexOf('.')));
  return (ending === '.py' ? file.replaceAll('.', '/') : file) + ending;
}
