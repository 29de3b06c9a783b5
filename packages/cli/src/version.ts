import { createRequire } from 'node:module';

const isSource = import.meta.url.endsWith('.ts');

/** This package's version, `0.1.0`. */
export function version(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)(
    isSource ? '../package.json' : '../../package.json',
  );
  return manifest.version;
}

/** `Furrow 0.1`, as commands greet. */
export function greeting(): string {
  return `Furrow ${version().split('.').slice(0, 2).join('.')}`;
}

/** Whether this package was installed, and is not run from its own repository. */
export function isInstalled(): boolean {
  return import.meta.url.includes('/node_modules/');
}
