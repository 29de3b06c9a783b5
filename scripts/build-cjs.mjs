import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

/** The two packages that handlers load are built a second time, for `require` on Node versions without require(esm). */
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const packages = join(import.meta.dirname, '..', 'packages');

compile('protocol');
compile('functions', '--emitDeclarationOnly');
await joinFiles(join(packages, 'functions'));

function compile(name, ...flags) {
  const folder = join(packages, name);
  const project = join(folder, 'tsconfig.cjs.json');
  execFileSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', project, ...flags], { stdio: 'inherit' });
  writeFileSync(join(folder, 'dist', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}

/**
 * Makes one file of a library whose `require` is part of every cold start: to find and read a file costs more than what is
 * in it. It is made of the ES modules, which share one scope; joined CommonJS modules keep a frame each, and take a third
 * longer to load. What is of others stays beside it (`build-vendor.mjs`), to be loaded with its first use.
 */
async function joinFiles(folder) {
  await build({
    entryPoints: [join(folder, 'src', 'index.ts')],
    outfile: join(folder, 'dist', 'cjs', 'index.js'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // Names too: a third of the text, and the stacks of errors begin at the caller's line anyway.
    minify: true,
    legalComments: 'none',
    // Else the file is strict, and `static` is no name in the list of exports that esbuild writes for other tools.
    tsconfigRaw: {},
    // That list leaves the default export out. It never runs, and neither does this.
    footer: { js: '0&&(module.exports.default=0);' },
    // What is loaded late is required late, without Node's machinery for ES modules.
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
    plugins: [
      {
        name: 'vendor-beside',
        setup(builder) {
          builder.onResolve({ filter: /\/vendor\/[^/]+\.ts$/ }, ({ path }) => ({
            path: `./vendor/${basename(path, '.ts')}.js`,
            external: true,
          }));
        },
      },
    ],
  });
  // Those of an earlier build that had a file for each.
  for (const file of readdirSync(join(folder, 'dist', 'cjs'), { recursive: true })) {
    const isOfOthers = dirname(file) === 'vendor';
    if (/\.js(?:\.map)?$/.test(file) && file !== 'index.js' && !isOfOthers)
      rmSync(join(folder, 'dist', 'cjs', file), { force: true });
  }
}
