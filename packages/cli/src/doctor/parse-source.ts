import { Parser, type Options } from 'acorn';
import { tsPlugin } from '@sveltejs/acorn-typescript';
import { isSyntax, placeAll, type Placed } from './syntax.ts';

const typeScript = Parser.extend(tsPlugin());
const withElements = Parser.extend(tsPlugin({ jsx: true }));

type Attempt = readonly [parser: typeof Parser, sourceType: 'module' | 'script'];

/** How a file is read, by its ending: the first that works. JavaScript may hold JSX. */
function attemptsFor(file: string): readonly Attempt[] {
  if (/\.[cm]?ts$/.test(file)) return [[typeScript, 'module']];
  if (/\.[jt]sx$/.test(file)) return [[withElements, 'module']];
  return [
    [Parser, 'module'],
    [Parser, 'script'],
    [withElements, 'module'],
  ];
}

const options: Omit<Options, 'sourceType'> = {
  ecmaVersion: 'latest',
  locations: true,
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
};

/** Every node of JavaScript, TypeScript or JSX, parents first; `undefined` for what is none of them. Pure. */
export function parseSource(file: string, text: string): readonly Placed[] | undefined {
  for (const [parser, sourceType] of attemptsFor(file)) {
    try {
      const root: unknown = parser.parse(text, { ...options, sourceType });
      return isSyntax(root) ? placeAll(root) : undefined;
    } catch {
      // The next way may be the right one; what none can read is left to the build, which says where it stops.
    }
  }
  return undefined;
}
