import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../support/built.ts';

const file = join(repository, 'docs', 'guide', 'clients.md');

/** The code of this language in `docs/guide/clients.md` that has these words in it. */
export function codeOfGuide(language: 'javascript' | 'python', words: string): string {
  const blocks = readFileSync(file, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  const [code, ...more] = [...blocks].flatMap(([, name, text = '']) =>
    name === language && text.includes(words) ? [text] : [],
  );
  if (code === undefined || more.length > 0)
    throw new Error(`Expected one ${language} code with "${words}" in ${file}.`);
  return code;
}
