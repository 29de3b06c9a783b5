import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { openArcSandbox, runArc, type RunningSandbox } from '../../../test/support/arc.ts';
import { openConnection, type Connection } from '../../../test/support/connection.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../test/support/temporary-folder.ts';

/** An event of a web socket function, as far as the document speaks of it. */
export interface SeenEvent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestContext: Readonly<Record<string, unknown>> & { readonly connectionId: string };
  readonly body?: string;
}

export interface DocumentApp extends AsyncDisposable {
  readonly folder: TemporaryFolder;
  readonly sandbox: RunningSandbox;
  /** The events that a function was invoked with so far. */
  readonly seen: (functionName: string) => readonly SeenEvent[];
  /** Opens a connection as the app's own page does. */
  readonly connect: () => Promise<Connection & { readonly connectionId: string }>;
}

/** Goes behind the code of a function: it prints every event, then does what it did before. */
const recorder = `
{
  let generated = exports.handler
  exports.handler = async (event, context) => {
    console.log('EVENT ' + JSON.stringify(event))
    return generated(event, context)
  }
}
`;

/**
 * Does what the document says: writes the manifest, runs `arc init`, pastes over what was generated, runs `arc sandbox`.
 *
 * @param pastes files to write over the generated ones.
 * @param recorded functions to record the events of.
 */
export async function openDocumentApp(
  manifest: string,
  { pastes = {}, recorded = [] }: { pastes?: Readonly<Record<string, string>>; recorded?: readonly string[] } = {},
): Promise<DocumentApp> {
  const folder = await openTemporaryFolder({ 'app.arc': manifest });
  const init = await runArc(['init'], { cwd: folder.path });
  if (init.exitCode !== 0) throw new Error(init.errors);
  for (const [file, text] of Object.entries(pastes)) await folder.write(file, text);
  for (const name of recorded) {
    const file = `src/${name}/index.js`;
    await folder.write(file, (await folder.read(file)) + recorder);
  }
  await useRuntimeSdk(folder);
  const sandbox = await openArcSandbox({ cwd: folder.path });
  const seen = (functionName: string) =>
    sandbox
      .printed(functionName)
      .split('\n')
      .filter((line) => line.startsWith('EVENT '))
      .map((line): SeenEvent => JSON.parse(line.slice('EVENT '.length)));
  return {
    folder,
    sandbox,
    seen,
    async connect() {
      const before = sandbox.lines().length;
      const connection = await openConnection(sandbox.webSocketUrl, { origin: sandbox.url });
      const opened = () =>
        sandbox
          .lines()
          .slice(before)
          .find(({ type }) => type === 'connect');
      const line = await vi.waitUntil(opened, { timeout: 10_000 });
      return { ...connection, connectionId: String(line['connectionId']) };
    },
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Lambda's Node runtimes have the AWS SDK; the app finds it where `npm install` would put it. */
async function useRuntimeSdk(folder: TemporaryFolder): Promise<void> {
  const modules = join(import.meta.dirname, '..', '..', '..', 'node_modules');
  await mkdir(join(folder.path, 'node_modules'));
  await symlink(join(modules, '@aws-sdk'), join(folder.path, 'node_modules', '@aws-sdk'));
}
