export { chosenPort, sandboxSettings, type SandboxFlags, type SandboxSettings } from './options.ts';
export type { SandboxEvent } from './sandbox-event.ts';
export { openSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
export { maxHoldMs } from './shuffle.ts';
export type { BackgroundRun } from './bus/channel.ts';
