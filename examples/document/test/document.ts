import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The document, as it was published. */
export const documentText = readFileSync(join(import.meta.dirname, '..', 'ws-primitive.md'), 'utf8');

export interface Block {
  /** `arc`, `javascript`. */
  readonly language: string;
  readonly text: string;
}

/** Every fenced block, in order. */
export const blocks: readonly Block[] = [...documentText.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
  ([, language = '', text = '']) => ({ language, text }),
);

/** The block that has this line. */
export function block(line: string): string {
  const found = blocks.filter(({ text }) => text.split('\n').includes(line));
  if (found.length !== 1) throw new Error(`${found.length} blocks have the line ${line}.`);
  return found[0]!.text;
}

/** The sentences of a section, without headings and blocks: what it claims. */
export function sentences(section: string): readonly string[] {
  const start = documentText.indexOf(`<h2 id=${section}>`);
  const end = documentText.indexOf('\n---\n', start);
  return documentText
    .slice(start, end === -1 ? undefined : end)
    .replaceAll(/^```.*?^```$/gms, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(?:<h2|#)/.test(line))
    .flatMap((line) => line.replace(/^(?:- |> )/, '').split(/(?<=\.) (?=[A-Z])/))
    .map((sentence) => sentence.trim());
}
