import { runArcProcess } from '../../test/aws/arc-process.ts';
import { loopback, openEmulator, type Emulator } from '../../test/aws/emulator.ts';
import { openFaultProxy, type FaultProxy } from '../../test/aws/fault-proxy.ts';
import { ensureBuilt } from '../../test/support/built.ts';
import type { Variant } from '../row.ts';
import type { Stage, Target } from '../target.ts';
import { openAppFolder } from './app-folder.ts';
import { emulatorGaps } from './emulator-gaps.ts';

/** The app as `arc deploy` puts it on an emulator of AWS that others wrote. */
export async function openEmulatorTarget(): Promise<Target & AsyncDisposable> {
  await ensureBuilt();
  const emulator = await openEmulator();
  // It takes out of templates what the emulator does not know.
  const proxy = await openFaultProxy(emulator);
  return {
    name: 'emulator',
    gaps: emulatorGaps,
    open: (variant) => deployTo({ emulator, proxy, variant }),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
    },
  };
}

async function deployTo({
  emulator,
  proxy,
  variant,
}: {
  readonly emulator: Emulator;
  readonly proxy: FaultProxy;
  readonly variant: Variant;
}): Promise<Stage> {
  const folder = await openAppFolder(variant);
  const { exitCode, output, errors } = await runArcProcess(['deploy', '--name', variant], {
    cwd: folder.path,
    env: proxy.env,
  });
  if (exitCode !== 0) throw new Error(`The app is not deployed.\n${output}${errors}`);
  const printed = new URL(/wss:\S+/.exec(output)?.[0] ?? '');
  const [apiId = ''] = printed.hostname.split('.');
  const { region, credentials } = emulator.client;
  return {
    url: `ws://${printed.hostname}:${emulator.port}${printed.pathname}`,
    managementUrl: `${emulator.url}/_aws/execute-api/${apiId}${printed.pathname}`,
    region,
    credentials,
    lookup: loopback,
    now: Date.now,
    freezes: false,
    quietMs: 500,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
