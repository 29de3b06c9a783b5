import { readFileSync } from 'node:fs';

/** This package's version, `0.1.0`. */
export function version(): string {
  const text = readFileSync(
    new URL(import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json', import.meta.url),
    'utf8',
  );
  return (JSON.parse(text) as { version: string }).version;
}

/** `Furrow 0.1`, as commands greet. */
export function greeting(): string {
  return `Furrow ${version().split('.').slice(0, 2).join('.')}`;
}
