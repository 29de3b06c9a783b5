import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { runArc, type ArcRun } from '../support/arc.ts';
import { ensureBuilt, repository } from '../support/built.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { runArcProcess } from './arc-process.ts';
import { openEmulator, type Emulator, type EmulatorOptions } from './emulator.ts';
import { openFaultProxy, type FaultProxy } from './fault-proxy.ts';

export interface AwsProject extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly proxy: FaultProxy;
  readonly folder: TemporaryFolder;
  /** Runs one command line in the folder, as it is built, through the proxy. */
  readonly arc: (
    line: string,
    options?: { readonly env?: Readonly<Record<string, string>>; readonly input?: string },
  ) => Promise<ArcRun>;
  /** The same within this process, from the sources: faster, and blind to what the SDK itself reads of the environment. */
  readonly quickArc: AwsProject['arc'];
}

/** An app in a folder of its own, and an AWS of its own to deploy it to. */
export async function openAwsProject(
  app: { readonly example: string } | { readonly files: Readonly<Record<string, string>> },
  options: EmulatorOptions = {},
): Promise<AwsProject> {
  const folder = await openTemporaryFolder('files' in app ? app.files : {});
  if ('example' in app) await cp(join(repository, 'examples', app.example), folder.path, { recursive: true, filter });
  const emulator = await openEmulator(options);
  const proxy = await openFaultProxy(emulator);
  let built: Promise<void> | undefined;
  return {
    emulator,
    proxy,
    folder,
    async arc(line, { env = {}, input } = {}) {
      await (built ??= ensureBuilt());
      return runArcProcess(words(line), {
        cwd: folder.path,
        env: { ...proxy.env, ...env },
        ...(input !== undefined && { input }),
      });
    },
    quickArc: (line, { env = {}, input } = {}) =>
      runArc(words(line), {
        cwd: folder.path,
        env: { ...proxy.env, ...env },
        ...(input !== undefined && { input }),
      }),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** What an example has grown on this machine stays there. */
function filter(path: string): boolean {
  return !/(?:^|[/\\])(?:node_modules|\.furrow|\.venv|test)$/.test(path);
}

/** As a shell would: what stands between quotes is one word. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
