import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith(ending) && !/node_modules|\/dist\/|\/\.furrow\//.test(file));
}

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...['docs', 'packages', 'examples', 'bench'].flatMap((folder) => filesBelow(folder, '.md')),
];

describe('error codes', () => {
  const reference = read('docs/reference/errors.md') + read('docs/reference/manifest.md');
  const documented = new Set([...reference.matchAll(/^\| `([A-Z][A-Z_]+)` \|/gm)].map((match) => match[1] ?? ''));
  // One catalogue in each package, so that a code stands in one place.
  const catalogues = filesBelow('packages', '.ts').filter((file) =>
    /\/src\/(?:plugins\/)?(?:errors|variable-errors|manifest-invalid)\.ts$/.test(file),
  );
  const used = new Set(
    catalogues.flatMap((file) => [...read(file).matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map((match) => match[1] ?? '')),
  );

  test('each code of the sources is documented', () => {
    expect([...used].filter((code) => !documented.has(code))).toEqual([]);
  });

  test('each documented code is in the sources', () => {
    expect([...documented].filter((code) => !used.has(code))).toEqual([]);
  });
});

test('docs/reference/functions.md mentions every exported name', () => {
  const names = [...read('packages/functions/src/index.ts').matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(
    (match) =>
      (match[1] ?? '').split(',').map((name) =>
        name
          .replace(/^\s*type /, '')
          .replace(/.* as /, '')
          .trim(),
      ),
  );
  const reference = read('docs/reference/functions.md');
  const missing = names.filter(
    (name) => name !== '' && name !== 'default' && !new RegExp(`\\b${name}\\b`).test(reference),
  );
  expect(names.length).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});

test('docs/reference/environment.md mentions every variable that the sandbox sets', () => {
  const reference = read('docs/reference/environment.md');
  const source = read('packages/executor/src/environment.ts') + read('packages/executor/src/executor.ts');
  const names = [...source.matchAll(/^\s+((?:ARC|AWS|LAMBDA)_[A-Z_]+|_HANDLER|TZ|LANG)[:,]/gm)].map(
    (match) => match[1] ?? '',
  );
  const quiet = new Set([
    'AWS_XRAY_CONTEXT_MISSING',
    'AWS_XRAY_DAEMON_ADDRESS',
    'AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE',
  ]);
  const shortened = reference.replaceAll(
    '`_MEMORY_SIZE`, `_VERSION`',
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION',
  );
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !quiet.has(name) && !shortened.includes(name))).toEqual([]);
});

describe('links', () => {
  test.for(documents)('%s leads to files that are there', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });
});

test('the README is short', () => {
  expect(read('README.md').split('\n').length).toBeLessThan(100);
});

test('every package has a README', () => {
  const packages = readdirSync(join(root, 'packages'));
  expect(packages.filter((name) => !existsSync(join(root, 'packages', name, 'README.md')))).toEqual([]);
});
