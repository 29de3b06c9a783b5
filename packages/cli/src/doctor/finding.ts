import type { FunctionDefinition, Problem } from '@furrow/manifest';
import type { Placed, Syntax } from './syntax.ts';

/** What becomes of a thing: it does not run at all, it fails on AWS, or it runs for a while only. */
type Outcome = 'not-run' | 'on-aws' | 'later';

/** Something that `arc doctor` says, and where. Of severity `error` is what makes it end with 1. */
export interface Finding extends Problem {
  readonly outcome: Outcome;
}

/** A file of the project. */
export interface TextFile {
  /** Relative to the project, with `/`. */
  readonly file: string;
  readonly text: string;
}

/** A parsed source of the app. */
export interface Source extends TextFile {
  /** Every node, parents first. */
  readonly nodes: readonly Placed[];
  /** The functions that it is part of: one or more, all for shared code; none for what browsers load. */
  readonly owners: readonly FunctionDefinition[];
  readonly isBrowser: boolean;
  /** Which of the packages that rules ask for are found from its folder. */
  readonly installed: ReadonlySet<string>;
}

/** A rule says what it finds in one source. Pure. */
export type Rule = (source: Source) => readonly Finding[];

/** What a rule says, without its place. */
export type Words = Pick<Finding, 'outcome' | 'severity' | 'code' | 'message' | 'fix'>;

const widestMark = 60;

/** A finding about a part of a file, of which its first line is shown. */
export function findingAt(
  { file, text }: TextFile,
  { start, end }: Pick<Syntax, 'start' | 'end'>,
  words: Words,
): Finding {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const nextLine = text.indexOf('\n', start);
  const lineEnd = nextLine === -1 ? text.length : nextLine;
  return {
    ...words,
    file,
    line: text.slice(0, lineStart).split('\n').length,
    column: start - lineStart + 1,
    length: Math.max(1, Math.min(end, lineEnd, start + widestMark) - start),
    text: text.slice(lineStart, lineEnd).replace(/\r$/, ''),
  };
}
