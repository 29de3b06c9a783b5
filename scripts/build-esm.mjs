import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * The functions library as ES modules, from which the builds of handlers take what they use, in a few files: to find and
 * read a file costs such a build more than what is in it, and every save of a handler is one.
 *
 * Each member of the library, and each part that is loaded late, stays a file of its own, so that a handler still gets
 * nothing of those that it does not use.
 */
const folder = join(import.meta.dirname, '..', 'packages', 'functions');
const outdir = join(folder, 'dist', 'esm');
const membersFolder = join(folder, 'src', 'members');
const members = readdirSync(membersFolder).map((file) => join(membersFolder, file));

for (const file of readdirSync(outdir, { recursive: true })) {
  if (/\.js(?:\.map)?$/.test(file) && dirname(file) !== 'vendor') rmSync(join(outdir, file), { force: true });
}
await build({
  entryPoints: [join(folder, 'src', 'index.ts'), ...members],
  outdir,
  bundle: true,
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [
    {
      name: 'vendor-beside',
      setup(builder) {
        builder.onResolve({ filter: /\/vendor\/[^/]+\.ts$/ }, ({ path }) => ({
          path: `../vendor/${basename(path, '.ts')}.js`,
          external: true,
        }));
      },
    },
  ],
});
