import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { inBuilder } from './builder-process.ts';

/**
 * The file that handler processes start with.
 *
 * One CommonJS file: without the machinery of ES modules a process starts sooner and holds nine megabytes less. A published
 * package has it built; when this package runs from its TypeScript sources it is built first.
 */
export async function bootstrapFile(projectDir: string): Promise<string> {
  if (!import.meta.url.endsWith('.ts')) return join(import.meta.dirname, '..', 'bootstrap.cjs');
  const result = await inBuilder(() =>
    build({
      entryPoints: [join(import.meta.dirname, 'pipe', 'bootstrap.ts')],
      bundle: true,
      write: false,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      conditions: ['@furrow/source'],
      logLevel: 'silent',
    }),
  );
  const folder = join(projectDir, '.furrow');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'bootstrap.cjs');
  await writeFile(file, result.outputFiles[0]?.contents ?? '');
  return file;
}
