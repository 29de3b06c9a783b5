import { extname } from 'node:path';
import { transform } from 'esbuild';

const loaders: Readonly<Record<string, 'jsx' | 'ts'>> = { '.js': 'jsx', '.cjs': 'jsx', '.ts': 'ts', '.cts': 'ts' };

/**
 * Whether a CommonJS file certainly does not export a name, by its text alone.
 *
 * esbuild prints the code first: without comments, one statement a line, in one style.
 */
export async function lacksCommonjsExport(file: string, text: string, name: string): Promise<boolean> {
  const loader = loaders[extname(file)];
  if (loader === undefined) return false;
  const { code } = await transform(text, { loader, legalComments: 'none', supported: { 'template-literal': false } });
  return certainlyLacks(code, name);
}

/** With one of these the exports may be had, or filled, in a way that nobody sees. */
const unclear =
  /\b(?:this|eval|Function|arguments|globalThis|global|with|default|__proto__|cache)\b|\/\*|^\s*\/\/|^(?:import|export)\b/m;
const literal = /^module\.exports = \{/;
const clear = [
  /Object\.defineProperty\(exports, "__esModule", \{ value: (?:true|!0) \}\)/g,
  /^module\.exports = \{/gm,
  // Neither called, which would hand on the exports as `this`, nor a key that is computed.
  /(?<![\w$.])(?:module\.)?exports\.[A-Za-z_$][\w$]*(?![\w$]|\s*[([`]|\?\.)/g,
];

/** Pure. `code` is as esbuild prints it. */
function certainlyLacks(code: string, name: string): boolean {
  const isNamed = code.split(/[^\w$-]+/).includes(name);
  if (isNamed || unclear.test(code)) return false;
  let rest = code;
  for (const form of clear) rest = rest.replaceAll(form, '');
  const isSeen = !/\b(?:exports|module)\b/.test(rest);
  return isSeen && /\bexports\b/.test(code) && literals(code).every(isPlain);
}

/** The lines of each object that is assigned to `module.exports`. */
function literals(code: string): readonly (readonly string[])[] {
  const lines = code.split('\n');
  return lines.flatMap((line, start) => {
    if (!literal.test(line)) return [];
    const end = lines.findIndex((each, index) => index >= start && /^(?:\S.* )?\};$/.test(each));
    return [lines.slice(start, end === -1 ? undefined : end + 1)];
  });
}

/** Whether every member of an object has a name that is written there. Members begin lines, or share those of the braces. */
function isPlain([first = '', ...lines]: readonly string[]): boolean {
  if (first.endsWith('= {')) return lines.slice(0, -1).every((line) => /^ {3}/.test(line) || isMember(line));
  return [first, ...lines].every((line) => line.startsWith(' ') || !/\.\.\.|\[/.test(line));
}

function isMember(line: string): boolean {
  return /^ {2}(?:[)\]}]|(?:(?:async|get|set) )?\*?(?:[\w$]+|"[^"]*")(?:[(:,]|$))/.test(line);
}
