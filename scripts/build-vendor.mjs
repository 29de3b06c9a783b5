import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { licences } from './licences.mjs';

/**
 * The files of packages/functions/src/vendor are built a second time, with the packages that they import in them: the
 * library has nothing to install at run time. Each stays a file that is loaded by itself, in both formats.
 */
const folder = join(import.meta.dirname, '..', 'packages', 'functions');
const source = join(folder, 'src', 'vendor');
const entries = readdirSync(source)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => join(source, file));

/** Our own other files stay what they are: one copy. */
const ownFilesOutside = {
  name: 'own-files-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/.*\.ts$/ }, ({ path, importer }) =>
      entries.includes(importer) ? { path: path.replace(/\.ts$/, '.js'), external: true } : undefined,
    );
  },
};

/**
 * A map that knows only the line above the code. Functions are built with the ES modules, and their source maps would be a
 * third larger for places in minified code that tell nobody anything.
 */
const map = { version: 3, sources: ['vendor.js'], names: [], mappings: 'AAAA' };
const unmapped = {
  banner: { js: '/* Of other packages: see LICENSES.txt. */' },
  footer: {
    js: `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`,
  },
};

const inputs = new Set();
for (const format of ['esm', 'cjs']) {
  const outdir = join(folder, 'dist', format, 'vendor');
  // oxlint-disable-next-line no-await-in-loop
  const { metafile } = await build({
    entryPoints: entries,
    outdir,
    bundle: true,
    format,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    metafile: true,
    plugins: [ownFilesOutside],
    logLevel: 'warning',
    ...(format === 'esm' && unmapped),
  });
  Object.keys(metafile.inputs).forEach((input) => inputs.add(input));
  const leaning = Object.keys(metafile.outputs).filter((file) =>
    readFileSync(file, 'utf8').includes('Dynamic require of'),
  );
  if (leaning.length > 0) throw new Error(`CommonJS has come in that requires at run time: ${leaning.join(', ')}`);
  // The map of what tsc had written leads nowhere now.
  for (const file of entries) rmSync(join(outdir, `${basename(file, '.ts')}.js.map`), { force: true });
}

writeFileSync(join(folder, 'dist', 'LICENSES.txt'), licences('Files in esm/vendor and cjs/vendor', [...inputs]));
