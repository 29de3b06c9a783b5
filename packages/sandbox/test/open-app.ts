import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@furrow/protocol';
import {
  openSandbox,
  sandboxSettings,
  type Sandbox,
  type SandboxEvent,
  type SandboxFlags,
  type SandboxOptions,
} from '../src/index.ts';

const installed = join(import.meta.dirname, '..', '..', '..', 'node_modules');

export interface AppOptions {
  readonly flags?: SandboxFlags;
  /** Packages of the repository that the app has installed, by the names that it knows them by. */
  readonly packages?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly withVariables?: SandboxOptions['withVariables'];
  /** @default false */
  readonly isWatching?: boolean;
  /** The developer's home folder. @default the project's folder */
  readonly homeDir?: string;
  /** A folder that stays when the app ends. @default one of its own */
  readonly projectDir?: string;
}

export interface RunningApp extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly url: string;
  readonly events: readonly SandboxEvent[];
  readonly path: (name: string) => string;
  readonly save: (name: string, text: string) => Promise<void>;
}

const lifecycle = 'exports.handler = async () => ({ statusCode: 200 })';

/** An app in a temporary folder, with these files beside a manifest and lifecycle functions, run by the sandbox. */
export async function openApp(
  files: Readonly<Record<string, string>>,
  { flags = {}, packages = {}, isWatching = false, ...options }: AppOptions = {},
): Promise<RunningApp> {
  const { projectDir = await mkdtemp(join(tmpdir(), 'furrow-app-')) } = options;
  const path = (name: string) => join(projectDir, name);
  const save = async (name: string, text: string) => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), text);
  };
  const all = {
    'app.arc': '@app\ntestapp\n@ws\n',
    'src/ws/connect/index.js': lifecycle,
    'src/ws/disconnect/index.js': lifecycle,
    ...files,
  };
  await Promise.all(Object.entries(all).map(([name, text]) => save(name, text)));
  for (const [name, from] of Object.entries(packages)) {
    const link = path(join('node_modules', name));
    // oxlint-disable-next-line no-await-in-loop -- two may share a folder
    await mkdir(dirname(link), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop
    await symlink(join(installed, from), link, 'junction');
  }
  // What is saved in the millisecond in which the app is read counts as saved after it.
  await pause(2);
  const events: SandboxEvent[] = [];
  const sandbox = await openSandbox({
    ...options,
    ...sandboxSettings({ port: '0', ...flags }, {}),
    projectDir,
    env: { PATH: process.env['PATH'], HOME: options.homeDir ?? projectDir },
    isWatching,
    onEvent: (event) => events.push(event),
  });
  return {
    sandbox,
    url: sandbox.webSocketUrl ?? '',
    events,
    path,
    save,
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      if (options.projectDir === undefined) await rm(projectDir, { recursive: true, force: true });
    },
  };
}
