/** Endings of languages whose handlers have a file of several names, by how their runtimes begin. */
const endings: readonly (readonly [string, string])[] = [
  ['python', '.py'],
  ['ruby', '.rb'],
];

/** First choice first; Architect's. */
const bases = ['lambda', 'handler', 'index'] as const;

/** The files of a function's folder that its handler may be in when no setting says so. None for Node, which has its own. */
export function handlerFiles(runtime: string): readonly string[] {
  const ending = endings.find(([start]) => runtime.startsWith(start))?.[1];
  return ending === undefined ? [] : bases.map((base) => base + ending);
}

/**
 * The handler of a function that names none: `lambda.handler` of a folder with `lambda.py`.
 *
 * @param names the files of its folder.
 */
export function defaultHandler(runtime: string, names: ReadonlySet<string>): string {
  const files = handlerFiles(runtime);
  const file = files.find((name) => names.has(name)) ?? files[0] ?? 'index.js';
  return `${file.slice(0, file.lastIndexOf('.'))}.handler`;
}
