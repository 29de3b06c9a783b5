import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { dynaliteOperations } from '../packages/sandbox/dist/esm/tables/dynalite-operations.js';
import { licences } from './licences.mjs';

/**
 * The parts of dynalite that the sandbox uses, as one CommonJS file. Installed, dynalite brings nine megabytes, most of them
 * databases on disk for every kind of machine, which nothing here opens.
 */
const folder = join(import.meta.dirname, '..', 'packages', 'sandbox');

const operations = dynaliteOperations.map((name) => name.charAt(0).toLowerCase() + name.slice(1));
const parts = [
  'db',
  'validations',
  ...['validations', 'actions'].flatMap((kind) => operations.map((name) => `${kind}/${name}`)),
];

/** What dynalite would keep items in on disk. */
const withoutDisk = {
  name: 'without-disk',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^level$/ }, ({ path }) => ({ path, namespace: 'without-disk' }));
    onLoad({ filter: /.*/, namespace: 'without-disk' }, () => ({ contents: 'exports.Level = undefined;' }));
  },
};

const { metafile } = await build({
  stdin: {
    contents: `module.exports = {${parts.map((name) => `'${name}': require('dynalite/${name}')`).join(',')}};`,
    resolveDir: folder,
  },
  outfile: join(folder, 'dist', 'dynalite.cjs'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  legalComments: 'none',
  metafile: true,
  plugins: [withoutDisk],
  logLevel: 'warning',
});

const inputs = Object.keys(metafile.inputs).filter((input) => input.includes('node_modules'));
writeFileSync(join(folder, 'dist', 'LICENSES.txt'), licences('dynalite.cjs', inputs));
