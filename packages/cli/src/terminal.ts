import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { World } from './world.ts';

/**
 * Asks the person at a terminal, on the first of the outputs that is one. Ctrl-D is an empty answer.
 *
 * @returns `undefined` when none is.
 */
export function askPerson(input: NodeJS.ReadStream, outputs: readonly NodeJS.WriteStream[]): World['ask'] {
  const output = outputs.find(({ isTTY }) => isTTY);
  if (output === undefined) return undefined;
  return async (question, { isSecret } = { isSecret: false }) => {
    // readline writes what is typed; for a secret it writes to nowhere.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    if (isSecret) output.write(question);
    const reader = createInterface({ input, output: isSecret ? nowhere : output, terminal: true });
    const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
    try {
      return await Promise.race([reader.question(isSecret ? '' : question), ended]);
    } finally {
      reader.close();
      if (isSecret) output.write('\n');
    }
  };
}

/** A whole stream as text. */
export async function readStream(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
