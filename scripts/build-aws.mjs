import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

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

writeFileSync(join(folder, 'dist', 'LICENSES.txt'), licences(Object.keys(metafile.inputs)));

/** Name, version, licence and its text, for each package of which something is in the build. */
function licences(inputs) {
  const folders = inputs.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  const packages = [...new Set(folders)]
    .filter((path) => path !== undefined)
    .toSorted((one, other) => one.localeCompare(other));
  const byText = new Map();
  for (const path of packages) {
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(path, file), 'utf8').trim();
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return ['Files in esm/aws contain parts of these packages.\n', ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}
