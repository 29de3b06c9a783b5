import { setImmediate as turn } from 'node:timers/promises';
import { openSandbox, sandboxSettings, type SandboxEvent } from '@furrow/sandbox';
import { createMovableClock } from '../../test/support/movable-clock.ts';
import type { Variant } from '../row.ts';
import type { Stage, Target } from '../target.ts';
import { openAppFolder } from './app-folder.ts';
import { tools } from './tools.ts';

const credentials = { accessKeyId: 'AKIACONFORMANCE', secretAccessKey: 'conformance-secret' };
const region = 'us-west-2';

/** `arc sandbox` on this machine, strict, with a clock that rows move. It does everything. */
export const sandboxTarget: Target = {
  name: 'sandbox',
  open: openStage,
  tools,
  gaps: new Map(),
};

async function openStage(variant: Variant): Promise<Stage> {
  const folder = await openAppFolder(variant);
  const clock = createMovableClock();
  const events: SandboxEvent[] = [];
  const sandbox = await openSandbox({
    ...sandboxSettings({ port: '0', isStrict: true }, {}),
    projectDir: folder.path,
    // What is the developer's own stays outside.
    env: {
      PATH: process.env['PATH'],
      HOME: folder.path,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: region,
    },
    isWatching: false,
    clock,
    onEvent: (event) => events.push(event),
  });
  await sandbox.built;
  return {
    url: sandbox.webSocketUrl ?? '',
    otherHost: `conformance.localhost:${new URL(sandbox.url).port}`,
    managementUrl: `${sandbox.url}/testing`,
    region,
    credentials,
    logs: () => events.map((event) => JSON.stringify(event)).join('\n'),
    async advance(ms) {
      clock.advance(ms);
      await turn();
    },
    now: () => clock.now(),
    freezes: true,
    quietMs: 150,
    async [Symbol.asyncDispose]() {
      await sandbox.close(0);
      await folder[Symbol.asyncDispose]();
    },
  };
}
