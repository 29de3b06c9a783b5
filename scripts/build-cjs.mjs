import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

/** The two packages that handlers load are built a second time, for `require` on Node versions without require(esm). */
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

for (const name of ['protocol', 'functions']) {
  const folder = join(import.meta.dirname, '..', 'packages', name);
  execFileSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', join(folder, 'tsconfig.cjs.json')], {
    stdio: 'inherit',
  });
  writeFileSync(join(folder, 'dist', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}

await joinFiles(join(import.meta.dirname, '..', 'packages', 'functions', 'dist', 'cjs'));

/**
 * Makes one file of a library whose `require` is part of every cold start: to find and read a file costs more than what is
 * in it. What is of others stays beside it (`build-vendor.mjs`), to be loaded with its first use.
 */
async function joinFiles(folder) {
  const vendor = join(folder, 'vendor');
  await build({
    entryPoints: [join(folder, 'index.js')],
    outfile: join(folder, 'index.js'),
    allowOverwrite: true,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [
      {
        name: 'vendor-beside',
        setup(builder) {
          builder.onResolve({ filter: /\/vendor\/[^/]+\.js$/ }, ({ path }) => ({
            path: `./vendor/${basename(path)}`,
            external: true,
          }));
        },
      },
    ],
  });
  for (const file of readdirSync(folder, { recursive: true })) {
    const isJoined = /\.js(?:\.map)?$/.test(file) && file !== 'index.js' && !join(folder, file).startsWith(vendor);
    if (isJoined) rmSync(join(folder, file));
  }
}
