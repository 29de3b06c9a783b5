import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appNames, copyApp } from './apps/copy-app.ts';
import { appNameIn, inEmulator } from './apps/place.ts';
import { uses } from './apps/uses.ts';
import { emulatorMissing, openEmulator, type Emulator } from './aws/emulator.ts';
import { openFaultProxy, type FaultProxy } from './aws/fault-proxy.ts';
import { runArc } from './support/arc.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(`apps of Architect on AWS${reason}`, async () => {
  let emulator: Emulator;
  let proxy: FaultProxy;
  beforeAll(async () => {
    emulator = await openEmulator();
    proxy = await openFaultProxy(emulator);
  }, 60_000);
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await emulator?.[Symbol.asyncDispose]();
  });

  test.for(await appNames())('test/apps/%s is deployed and works', { timeout: 120_000 }, async (name) => {
    await using folder = await copyApp(name);
    const { exitCode, output, errors } = await runArc(['deploy'], { cwd: folder.path, env: proxy.env });
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    using place = inEmulator(await appNameIn(folder), emulator, output);
    await uses[name]?.(place);
  });
});
