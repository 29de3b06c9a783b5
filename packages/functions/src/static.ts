import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from './environment.ts';

export interface StaticOptions {
  /** Whether the path begins with the stage, for APIs that have it in theirs: `/staging/_static/app.js`. @default false */
  readonly stagePath?: boolean;
}

/**
 * The path of a file of the static folder as browsers ask for it: `app.css` and `/app.css` are `/_static/app.css`.
 *
 * On AWS, and with `@static fingerprint true`, it is the name with the hash: `/_static/app-0a4d55a8d7.css`. A file that has
 * none keeps its name.
 */
export function staticPath(asset: string, { stagePath = false }: StaticOptions = {}): string {
  const { ARC_ENV: stage, ARC_LOCAL: isLocal } = environment();
  const isDeployed = stage !== 'testing' && !isLocal;
  const key = asset.replace(/^\/+/, '');
  const start = stagePath && isDeployed && stage !== undefined ? `/${stage}` : '';
  return `${start}/_static/${isDeployed ? nameOf(key) : key}`;
}

function nameOf(key: string): string {
  const names = fingerprints();
  return Object.hasOwn(names, key) ? (names[key] ?? key) : key;
}

let known: Readonly<Record<string, string>> | undefined;

/** The names with hashes, which a deploy puts beside the function: `{ "app.css": "app-0a4d55a8d7.css" }`. */
function fingerprints(): Readonly<Record<string, string>> {
  return (known ??= readFingerprints(join(process.cwd(), 'node_modules', '@architect', 'shared', 'static.json')));
}

function readFingerprints(file: string): Readonly<Record<string, string>> {
  try {
    const names: Readonly<Record<string, string>> = JSON.parse(readFileSync(file, 'utf8'));
    return names;
  } catch {
    // Without fingerprints there is no such file.
    return {};
  }
}
