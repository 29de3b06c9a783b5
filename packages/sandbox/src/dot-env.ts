import { parseEnv } from 'node:util';

export interface DotEnv {
  readonly variables: Record<string, string>;
  /** Lines that are no `NAME=value`; they are left out. */
  readonly faults: readonly string[];
}

const name = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The variables of a `.env` file.
 *
 * Node's parser takes a line without `=` for the beginning of the next name; here it is named, and the next one counts.
 */
export function parseDotEnv(text: string): DotEnv {
  const variables: Record<string, string> = {};
  const faults: string[] = [];
  for (const [key, value = ''] of Object.entries(parseEnv(text))) {
    const lines = key.split('\n').map((line) => line.trim());
    const last = lines.pop() ?? '';
    faults.push(...lines.filter((line) => line !== ''));
    if (name.test(last)) variables[last] = value;
    else faults.push(last);
  }
  return { variables, faults };
}
