import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { emulatorMissing, openEmulator } from '../../../test/aws/emulator.ts';
import { cases } from './tables/cases.ts';
import { openDynalite, openLocalAws, stackName, type Database, type LocalAws } from './tables/local-aws.ts';

type Outcomes = Readonly<Record<string, string>>;

const ours = join(import.meta.dirname, '..', 'src', 'index.ts');
const stock = createRequire(import.meta.url);

/** `external` is where a stock library stands. */
type Library = { readonly bundled: string } | { readonly external: string };

/** What every case comes to in a process that has this library. */
async function outcomesOf(library: Library, database: Database): Promise<Outcomes> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'tables', 'run-cases.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    conditions: ['@furrow/source'],
    banner: { js: `import { createRequire as r } from 'node:module'; globalThis.require ??= r(import.meta.url);` },
    plugins: [
      {
        name: 'library',
        setup(builder) {
          builder.onResolve({ filter: /^@architect\/functions$/ }, () =>
            'external' in library ? { path: library.external, external: true } : { path: library.bundled },
          );
        },
      },
    ],
  });
  await using local = await openLocalAws(database);
  const text = outputFiles[0]?.text ?? '';
  return JSON.parse(await runModule(text, handlerVariables(local)));
}

/** The module comes by its standard input, so that no file of it is left. */
async function runModule(text: string, env: Readonly<Record<string, string>>): Promise<string> {
  const running = promisify(execFile)(process.execPath, ['--input-type=module', '-'], { env });
  running.child.stdin?.end(text);
  return (await running).stdout;
}

function handlerVariables({ tablesPort, parametersPort }: LocalAws): Record<string, string> {
  return {
    ARC_ENV: 'testing',
    ARC_APP_NAME: 'things',
    ARC_STACK_NAME: stackName,
    ARC_SANDBOX: JSON.stringify({ ports: { _arc: parametersPort, tables: tablesPort }, version: '9.0.0' }),
    AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${parametersPort}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-west-2',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

const databases: readonly { name: string; missing: string | undefined; open: () => Promise<Database> }[] = [
  { name: 'dynalite', missing: undefined, open: openDynalite },
  { name: 'MiniStack', missing: emulatorMissing(), open: () => openEmulator() },
];

describe.for(databases)('tables, beside those of Architect, in $name', ({ name, missing, open }) => {
  const tried = cases.filter(({ needs }) => needs === undefined || needs === name);
  let our: Outcomes;
  let theirs: Readonly<Record<5 | 8, Outcomes>>;

  beforeAll(async () => {
    if (missing !== undefined) return;
    our = await outcomesOf({ bundled: ours }, await open());
    theirs = {
      5: await outcomesOf({ external: stock.resolve('architect-functions-5') }, await open()),
      8: await outcomesOf({ external: stock.resolve('architect-functions') }, await open()),
    };
  });

  beforeEach((context) => context.skip(missing !== undefined, missing));

  describe.for([5, 8] as const)('version %s', (version) => {
    test.for(tried.filter(({ differs }) => differs?.[version] === undefined))('$why', ({ why }) => {
      expect(our[why]).toBe(theirs[version][why]);
    });

    // So that a reason does not outlive its cause.
    test.for(tried.filter(({ differs }) => differs?.[version] !== undefined))('$why: not the same', ({ why }) => {
      expect(our[why]).not.toBe(theirs[version][why]);
    });
  });

  test.for(tried.filter(({ gives }) => gives !== undefined))('$why: $gives', ({ why, gives }) => {
    expect(our[why]).toBe(gives);
  });
});

test('every case has something that it is held to', () => {
  const loose = cases.filter(({ differs, gives }) => Object.keys(differs ?? {}).length === 2 && gives === undefined);
  expect(loose).toEqual([]);
});
