import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { licences } from './licences.mjs';

/**
 * The files of packages/deploy that talk to AWS are built a second time, with the SDK in them: a dependency on its six
 * clients would install thirty times of what is used. Each stays a file that is loaded by itself; what they share lies
 * in chunks beside them.
 */
const folder = join(import.meta.dirname, '..', 'packages', 'deploy');
const source = join(folder, 'src', 'aws');
const output = join(folder, 'dist', 'esm', 'aws');

const sdk = /from '@aws-sdk\//;
const entries = readdirSync(source)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => join(source, file))
  .filter((file) => sdk.test(readFileSync(file, 'utf8')));

/** Our own other files stay what they are: one copy, so that an error is the same error everywhere. */
const ownFilesOutside = {
  name: 'own-files-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, importer }) => {
      if (dirname(importer) !== source) return undefined;
      return { path: path.replace(/\.ts$/, '.js'), external: true };
    });
  },
};

const chunks = join(output, 'sdk');
rmSync(chunks, { recursive: true, force: true });

const { metafile } = await build({
  entryPoints: entries,
  outdir: output,
  chunkNames: 'sdk/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  metafile: true,
  plugins: [ownFilesOutside],
  // The SDK warns that its versions after 2026 need a newer Node; the one in here is the one that it is.
  define: { 'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"' },
  logLevel: 'warning',
});

const written = Object.keys(metafile.outputs);
const leaning = written.filter((file) => readFileSync(file, 'utf8').includes('Dynamic require of'));
if (leaning.length > 0) throw new Error(`CommonJS has come in that requires at run time: ${leaning.join(', ')}`);

// The map of what tsc had written leads nowhere now.
for (const file of entries) rmSync(join(output, `${basename(file, '.ts')}.js.map`), { force: true });

writeFileSync(join(folder, 'dist', 'LICENSES.txt'), licences('Files in esm/aws', Object.keys(metafile.inputs)));
