import { afterAll, describe, test } from 'vitest';
import { emulatorMissing } from '../test/aws/emulator.ts';
import { rows } from './rows.ts';
import { openRunner, type Runner } from './run.ts';
import { emulatorGaps } from './targets/emulator-gaps.ts';
import { openEmulatorTarget } from './targets/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

/** Rows that the emulator can do: it has no clock, no logs, and nothing of this machine. */
const able = rows.filter((row) => !('leftOut' in row) && row.needs === undefined && !emulatorGaps.has(row.id));

async function open() {
  const target = await openEmulatorTarget();
  return { runner: openRunner(target), target };
}

describe.skipIf(missing !== undefined)(`the app, deployed to an emulator of AWS${reason}`, () => {
  let opened: Promise<{ readonly runner: Runner; readonly target: AsyncDisposable }> | undefined;

  afterAll(async () => {
    const { runner, target } = (await opened) ?? {};
    await runner?.[Symbol.asyncDispose]();
    await target?.[Symbol.asyncDispose]();
  });

  test.sequential.for(able)('$id $rule', { timeout: 120_000 }, async (row) => {
    opened ??= open();
    const { runner } = await opened;
    const outcome = await runner.run(row);
    if (outcome.type === 'failed') throw outcome.error;
    if (outcome.type === 'skipped') throw new Error(`It was skipped: ${outcome.reason}.`);
  });
});
