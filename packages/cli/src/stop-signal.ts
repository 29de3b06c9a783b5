import type { World } from './world.ts';

/** Aborts with the first Ctrl-C; the second ends the process at once. */
export function stopSignal(world: World): AbortSignal {
  const controller = new AbortController();
  world.onStop(() => {
    if (controller.signal.aborted) world.exitNow(130);
    controller.abort();
  });
  return controller.signal;
}
