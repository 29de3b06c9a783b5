import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

/** The two packages that handlers load are built a second time, for `require` on Node versions without require(esm). */
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const packages = join(import.meta.dirname, '..', 'packages');

const vendorBeside = {
  name: 'vendor-beside',
  resolveId(path) {
    if (!/\/vendor\/[^/]+\.ts$/.test(path)) return undefined;
    return { id: `../vendor/${basename(path, '.ts')}.js`, external: 'absolute' };
  },
};

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
 * Makes few files of a library whose `require` is part of every cold start: to find and read a file costs as much as what is
 * in it, and what is loaded late should not be read early. One file has all that is needed at once, and each part that is
 * loaded late has one. What is of others stays beside them (`build-vendor.mjs`).
 */
async function joinFiles(folder) {
  const outdir = join(folder, 'dist', 'cjs');
  // Those of an earlier build.
  for (const file of readdirSync(outdir, { recursive: true })) {
    if (/\.js(?:\.map)?$/.test(file) && dirname(file) !== 'vendor') rmSync(join(outdir, file), { force: true });
  }
  const bundle = await rolldown({
    input: { core: join(folder, 'src', 'index.ts') },
    platform: 'node',
    external: ['@furrow/protocol'],
    plugins: [vendorBeside],
    // Parts share what is in the first file: it has exports that are nobody else's.
    preserveEntrySignatures: 'allow-extension',
  });
  const { output } = await bundle.write({
    dir: outdir,
    format: 'cjs',
    exports: 'named',
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name].js',
    // Names too: a third of the text, and the stacks of errors begin at the caller's line anyway.
    minify: true,
  });
  await bundle.close();
  writeFileSync(join(outdir, 'index.js'), publicExports(output[0].exports));
}

/** Of the exports those with a name, in the form in which Node and other tools find them. */
function publicExports(names) {
  const own = names.filter((name) => name.length > 1);
  return [
    `'use strict';`,
    `Object.defineProperty(exports, '__esModule', { value: true });`,
    `const core = require('./core.js');`,
    ...own.map((name) => `exports.${name} = core.${name};`),
    '',
  ].join('\n');
}
