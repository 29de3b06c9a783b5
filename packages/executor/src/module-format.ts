/** A line that only an ES module has at its start. */
const esmLine =
  /^(?:import(?:\s+\w|\s*[{*"'])|export\s+(?:default|const|let|var|function|async|class)\b|export\s*[{*])/m;

/**
 * Which format the build of a handler has.
 *
 * CommonJS stays CommonJS, so that code which is not strict goes on working; everything else becomes an ES module, so that
 * top-level `await` works.
 */
export function moduleFormat(file: string, text: string): 'esm' | 'cjs' {
  if (/\.(?:mjs|mts|ts|tsx)$/.test(file)) return 'esm';
  if (/\.(?:cjs|cts)$/.test(file)) return 'cjs';
  return esmLine.test(text) ? 'esm' : 'cjs';
}
