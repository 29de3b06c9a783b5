import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Variant } from '../row.ts';

const conformance = join(import.meta.dirname, '..');

/** Copies the app to a folder, with the manifest of a variant. */
export async function writeApp(variant: Variant, folder: string): Promise<void> {
  await cp(join(conformance, 'app'), folder, { recursive: true, filter });
  if (variant !== 'main') await cp(join(conformance, 'variants', `${variant}.arc`), join(folder, 'app.arc'));
}

/** What tools make by themselves stays behind. */
function filter(path: string): boolean {
  return !/[\\/](?:node_modules|\.furrow)$/.test(path);
}

/** A folder of its own for a variant of the app; disposing removes it. */
export async function openAppFolder(variant: Variant): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'furrow-conformance-')));
  await writeApp(variant, path);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
