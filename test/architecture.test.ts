import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Row {
  readonly own: readonly string[];
  readonly others: readonly string[];
  /** Built into the package: installed with the repository, not with the package. */
  readonly bundled?: readonly string[];
}

/** Who may import whom, and which packages of others. The same table stands in ARCHITECTURE.md. */
const table: Readonly<Record<string, Row>> = {
  protocol: { own: [], others: [] },
  manifest: { own: ['protocol'], others: ['yaml'] },
  functions: { own: ['protocol'], others: [], bundled: ['@aws-sdk/util-dynamodb', 'cookie', 'jose'] },
  executor: { own: ['protocol'], others: ['esbuild'] },
  gateway: { own: ['protocol'], others: ['ws'] },
  sandbox: {
    own: ['protocol', 'manifest', 'gateway', 'executor'],
    others: ['chokidar', 'node-forge'],
    bundled: ['dynalite'],
  },
  deploy: {
    own: ['protocol', 'manifest', 'executor'],
    others: ['yazl'],
    bundled: ['cloudformation', 'cloudwatch-logs', 'lambda', 's3', 'ssm', 'sts'].map(
      (name) => `@aws-sdk/client-${name}`,
    ),
  },
  cli: {
    own: ['protocol', 'manifest', 'executor', 'sandbox', 'deploy'],
    others: ['cac', 'acorn', '@sveltejs/acorn-typescript'],
  },
};

/** The only files that may touch the process itself; handlers' library reads its environment at each call. */
const processFiles = new Set([
  'packages/cli/src/bin.ts',
  'packages/executor/src/pipe/bootstrap.ts',
  'packages/functions/src/environment.ts',
  // What it prints is in the log of the handler that it makes.
  'packages/functions/src/subscribe.ts',
  // A handler itself: it runs on Lambda.
  'packages/deploy/src/static-function/handler.ts',
  // Their text is that of handlers.
  'packages/cli/src/init/templates.ts',
  'packages/cli/src/init/background-templates.ts',
  'packages/cli/src/doctor/rules/variable-gone.ts',
  'packages/executor/src/bundle-sdk-2.ts',
]);

const root = join(import.meta.dirname, '..');

interface Source {
  readonly file: string;
  readonly name: string;
  readonly text: string;
  readonly imports: readonly string[];
  /** Those that are loaded with the file: neither types nor `import()`. */
  readonly loads: readonly string[];
}

/** All sources of the packages, tests left out. */
const sources: readonly Source[] = Object.keys(table).flatMap((name) => {
  const folder = join('packages', name, 'src');
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(?:test|test-d|fuzz\.test)\.ts$/.test(file))
    .map((file) => {
      const path = join(folder, file).replaceAll('\\', '/');
      const text = readFileSync(join(root, path), 'utf8');
      return { file: path, name, text: withoutComments(text), imports: importsOf(text), loads: loadsOf(text) };
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

function loadsOf(text: string): string[] {
  const statements = withoutComments(text).matchAll(/(?:^|\n)(?:import|export)(?! type)[^'"`;]*?from\s+'([^']+)'/g);
  return [...statements].map((match) => match[1] ?? '');
}

describe('imports', () => {
  test.for(sources.map(({ file, name, imports }) => ({ file, name, imports })))('$file', ({ name, imports }) => {
    const { own = [], others = [], bundled = [] } = table[name] ?? {};
    const foreign = imports.filter((path) => !path.startsWith('.') && !path.startsWith('node:'));
    const allowed = [...own.map((sibling) => `@furrow/${sibling}`), ...others, ...bundled];
    expect(foreign.filter((path) => !allowed.includes(path))).toEqual([]);
    expect(imports.filter((path) => path.includes('../../') && /packages|dist/.test(path))).toEqual([]);
  });

  test('a package depends on what it imports and on nothing else', () => {
    for (const [name, { own, others, bundled = [] }] of Object.entries(table)) {
      const manifest: Readonly<Record<string, Record<string, string> | undefined>> = JSON.parse(
        readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'),
      );
      // The executor bundles the library into handlers, so it brings it along without importing it.
      const carried = name === 'executor' ? ['@furrow/functions'] : [];
      const expected = [...own.map((sibling) => `@furrow/${sibling}`), ...others, ...carried];
      expect(Object.keys(manifest['dependencies'] ?? {}).toSorted(), name).toEqual(expected.toSorted());
      const forItself = Object.keys(manifest['devDependencies'] ?? {}).filter((one) => !one.startsWith('@types/'));
      expect(forItself.toSorted(), name).toEqual([...bundled].toSorted());
    }
  });
});

/** What is built into the library of handlers, so that it has nothing to install. */
function isVendor(file: string): boolean {
  return file.startsWith('packages/functions/src/vendor/');
}

function filesThat(fits: (source: Source) => boolean): readonly string[] {
  return sources.filter(fits).map(({ file }) => file);
}

/** The files of a package that are read when one of them is. */
function loadedWith(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const { loads = [] } = sources.find((source) => source.file === file) ?? {};
  for (const path of loads) if (path.startsWith('.')) loadedWith(posix.join(posix.dirname(file), path), found);
  return found;
}

describe('what is loaded only when it is needed', () => {
  const loadsSdk = filesThat(
    ({ file, loads }) => !isVendor(file) && loads.some((path) => path.startsWith('@aws-sdk/')),
  );

  test('the AWS SDK, by the files of packages/deploy/src/aws, one for each of its clients', () => {
    expect(filesThat(({ file, text }) => !isVendor(file) && text.includes("'@aws-sdk/"))).toEqual(loadsSdk);
    expect(loadsSdk.filter((file) => !file.startsWith('packages/deploy/src/aws/'))).toEqual([]);
    expect(loadsSdk).toHaveLength(table['deploy']?.bundled?.length ?? 0);
  });

  test('these files, and the door before them', () => {
    const late = new Set([...loadsSdk.map((file) => file.replace(/^.*\//, './')), './aws/open-aws.ts']);
    const deploys = sources.filter(({ name }) => name === 'deploy');
    expect(deploys.filter(({ loads }) => loads.some((path) => late.has(path))).map(({ file }) => file)).toEqual([]);
  });

  test('what the library of handlers has of others, its requests and its tables', () => {
    const loaded = loadedWith('packages/functions/src/index.ts');
    expect(loaded.size).toBeGreaterThan(5);
    expect([...loaded].filter((file) => /\/(?:vendor|tables)\/|\/transport\.ts$/.test(file))).toEqual([]);
  });

  test('packages/deploy, by the commands that deploy: arc sandbox does without', () => {
    expect(filesThat(({ loads }) => loads.includes('@furrow/deploy'))).toEqual([]);
    const users = filesThat(({ text }) => text.includes("import('@furrow/deploy')"));
    expect(users.filter((file) => !file.startsWith('packages/cli/src/commands/'))).toEqual([]);
    expect(users).not.toContain('packages/cli/src/commands/sandbox.ts');
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
