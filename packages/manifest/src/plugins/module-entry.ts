import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isObject } from './hooks.ts';

/** Which of a package's entries is ours, the first that it has. */
const conditions = ['node', 'import', 'module-sync', 'module', 'default'];

/** The file of a package that is there for `import` alone, which Node's `require.resolve` does not find. */
export function moduleEntry(projectDir: string, name: string): string | undefined {
  for (let folder = projectDir; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return entryOf(place);
    if (folder === dirname(folder)) return undefined;
  }
}

function entryOf(place: string): string | undefined {
  const manifest = readManifest(join(place, 'package.json'));
  const exported = isObject(manifest) ? manifest['exports'] : undefined;
  const entry = isObject(exported) && '.' in exported ? exported['.'] : exported;
  const file = targetOf(entry);
  return file === undefined ? undefined : join(place, file);
}

function readManifest(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Broken, it names no entry; the plugin is said to be missing.
    return undefined;
  }
}

function targetOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (!isObject(entry)) return undefined;
  const found = conditions.map((condition) => targetOf(entry[condition]));
  return found.find((file) => file !== undefined);
}
