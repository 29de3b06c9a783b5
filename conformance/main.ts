import { parseArgs } from 'node:util';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Row, Variant } from './row.ts';
import { rows } from './rows.ts';
import { openRunner, type Outcome } from './run.ts';
import type { Target } from './target.ts';
import { writeApp } from './targets/app-folder.ts';
import { awsTarget } from './targets/aws.ts';
import { sandboxTarget } from './targets/sandbox.ts';

const help = `Runs the conformance table against a running stage, as a black box.

  npm run conformance                                  the sandbox, everything
  npm run conformance -- --target emulator             arc deploy to an emulator of AWS
  npm run conformance -- --target aws --url wss://…    a stage that you have deployed

  --url <wss://…>              The stage of conformance/app, as "arc info" shows it
  --url-of <name>=<wss://…>    The stage of the app with another manifest of conformance/variants; may be repeated
  --only <T012,T03>            Rows whose id begins so
  --write <folder>             Write the app to a folder, to be deployed from there
  --variant <name>             With this manifest
  --help

Credentials for AWS are found as the AWS CLI finds them.
`;

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'sandbox' },
    url: { type: 'string' },
    'url-of': { type: 'string', multiple: true, default: [] },
    only: { type: 'string', default: 'T' },
    write: { type: 'string' },
    variant: { type: 'string', default: 'main' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(help);
else if (values.write !== undefined) await writeApp(variantOf(values.variant), values.write);
else process.exitCode = (await runTable(await openTarget())) ? 0 : 1;

async function openTarget(): Promise<Target & Partial<AsyncDisposable>> {
  if (values.target === 'sandbox') return sandboxTarget;
  // It is not needed for any other target, and neither is Python.
  if (values.target === 'emulator') return (await import('./targets/emulator.ts')).openEmulatorTarget();
  if (values.target !== 'aws') throw new Error(`"${values.target}" is no target; they are sandbox, emulator and aws.`);
  const named = values['url-of'].map((text): [Variant, string] => {
    const [name = '', ...url] = text.split('=');
    return [variantOf(name), url.join('=')];
  });
  const urls = new Map([...(values.url === undefined ? [] : [['main', values.url] as const]), ...named]);
  if (urls.size === 0) throw new Error('Which stage? Give --url wss://…');
  const client = new SSMClient({});
  const credentials = await client.config.credentials();
  client.destroy();
  return awsTarget({ urls, credentials });
}

function variantOf(name: string): Variant {
  const known = new Set(rows.map((row) => ('leftOut' in row ? undefined : row.variant)));
  const variant = [...known, 'main' as const].find((each) => each === name);
  if (variant === undefined) throw new Error(`conformance/variants has no "${name}.arc".`);
  return variant;
}

/** Prints a line for each row and the counts; whether nothing failed. */
async function runTable(target: Target & Partial<AsyncDisposable>): Promise<boolean> {
  const chosen = values.only.split(',');
  const counts = { passed: 0, failed: 0, skipped: 0 };
  {
    await using runner = openRunner(target);
    for (const row of rows.filter(({ id }) => chosen.some((start) => id.startsWith(start)))) {
      // oxlint-disable-next-line no-await-in-loop -- rows share stages, and move their clocks
      const outcome = await runner.run(row);
      counts[outcome.type] += 1;
      process.stdout.write(describe(row, outcome));
    }
  }
  await target[Symbol.asyncDispose]?.();
  process.stdout.write(
    `\n${target.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
  );
  return counts.failed === 0;
}

function describe({ id, rule }: Row, outcome: Outcome): string {
  if (outcome.type === 'passed') return `${id} ok    ${rule}\n`;
  if (outcome.type === 'skipped') return `${id} skip  ${rule} Skipped: ${outcome.reason}.\n`;
  const { error } = outcome;
  return `${id} FAIL  ${rule}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}
