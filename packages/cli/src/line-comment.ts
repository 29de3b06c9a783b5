/**
 * The comment behind a value, with the space before it: ` # one`. What may be part of a value (`a#b`, or with quotes behind
 * it) is none. Pure.
 */
export function lineComment(text: string): string {
  return /[ \t]+#[^'"`\r\n]*$/.exec(text.trimEnd())?.[0] ?? '';
}
