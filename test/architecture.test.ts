import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Who may import whom, and which packages of others. The same table stands in ARCHITECTURE.md. */
const table: Readonly<Record<string, { readonly own: readonly string[]; readonly others: readonly string[] }>> = {
  protocol: { own: [], others: [] },
  manifest: { own: ['protocol'], others: ['yaml'] },
  functions: { own: ['protocol'], others: [] },
  executor: { own: ['protocol'], others: ['esbuild'] },
  gateway: { own: ['protocol'], others: ['ws'] },
  sandbox: { own: ['protocol', 'manifest', 'gateway', 'executor'], others: ['chokidar'] },
  cli: { own: ['protocol', 'manifest', 'executor', 'sandbox'], others: ['cac'] },
};

/** The only files that may touch the process itself; handlers' library reads its environment at each call. */
const processFiles = new Set([
  'packages/cli/src/bin.ts',
  'packages/executor/src/pipe/bootstrap.ts',
  'packages/functions/src/transport.ts',
  // Its text is that of handlers.
  'packages/cli/src/init/templates.ts',
]);

const root = join(import.meta.dirname, '..');

interface Source {
  readonly file: string;
  readonly name: string;
  readonly text: string;
  readonly imports: readonly string[];
}

/** All sources of the packages, tests left out. */
const sources: readonly Source[] = Object.keys(table).flatMap((name) => {
  const folder = join('packages', name, 'src');
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(?:test|test-d|fuzz\.test)\.ts$/.test(file))
    .map((file) => {
      const path = join(folder, file).replaceAll('\\', '/');
      const text = readFileSync(join(root, path), 'utf8');
      return { file: path, name, text: withoutComments(text), imports: importsOf(text) };
    });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

function importsOf(text: string): string[] {
  const statements = withoutComments(text).matchAll(
    /(?:^|\n)(?:import|export)[^'"`;]*?from\s+'([^']+)'|import\('([^']+)'\)/g,
  );
  return [...statements].map((match) => match[1] ?? match[2] ?? '');
}

describe('imports', () => {
  test.for(sources.map(({ file, name, imports }) => ({ file, name, imports })))('$file', ({ name, imports }) => {
    const { own = [], others = [] } = table[name] ?? {};
    const foreign = imports.filter((path) => !path.startsWith('.') && !path.startsWith('node:'));
    const allowed = [...own.map((sibling) => `@furrow/${sibling}`), ...others];
    expect(foreign.filter((path) => !allowed.includes(path))).toEqual([]);
    expect(imports.filter((path) => path.includes('../../') && /packages|dist/.test(path))).toEqual([]);
  });

  test('a package depends on what it imports and on nothing else', () => {
    for (const [name, { own, others }] of Object.entries(table)) {
      const manifest: { dependencies?: Record<string, string> } = JSON.parse(
        readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'),
      );
      // The executor bundles the library into handlers, so it brings it along without importing it.
      const carried = name === 'executor' ? ['@furrow/functions'] : [];
      const expected = [...own.map((sibling) => `@furrow/${sibling}`), ...others, ...carried];
      expect(Object.keys(manifest.dependencies ?? {}).toSorted(), name).toEqual(expected.toSorted());
    }
  });
});

test.for(sources.filter(({ file }) => !processFiles.has(file)))('$file leaves the process alone', ({ text }) => {
  expect(text.match(/\bprocess\.(?:env|exit)\b|\bconsole\.\w+\(/g) ?? []).toEqual([]);
});

test('every source file has a name that its content can be guessed by', () => {
  const empty = /(?:^|\/)(?:utils?|helpers?|common|misc|lib|manager|service)\.ts$/;
  expect(sources.map(({ file }) => file).filter((file) => empty.test(file))).toEqual([]);
});

function words(cell = ''): string[] {
  return cell.split(/[,\s]+/).filter((word) => word !== '' && word !== '-');
}

test('ARCHITECTURE.md shows the same import table', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  for (const [name, { own, others }] of Object.entries(table)) {
    const row = new RegExp(`^\\| ${name} \\| ([^|]*) \\| ([^|]*) \\|`, 'm').exec(text);
    expect(words(row?.[1]).toSorted(), name).toEqual([...own].toSorted());
    expect(words(row?.[2]).toSorted(), name).toEqual([...others].toSorted());
  }
});
