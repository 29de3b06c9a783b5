import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Name, version, licence and its text, for each package of which something is in a build. */
export function licences(what, inputs) {
  const folders = inputs.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  const packages = [...new Set(folders)]
    .filter((path) => path !== undefined)
    .toSorted((one, other) => one.localeCompare(other));
  const byText = new Map();
  for (const path of packages) {
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(path, file), 'utf8').trim();
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return [`${what} contain parts of these packages.\n`, ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}
