import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An app in a temporary folder. */
export interface App extends AsyncDisposable {
  readonly folder: string;
}

export interface AppOptions {
  readonly base: 'echo' | 'room';
  /** Lets an environment take as many events at once. @default 1 */
  readonly environmentConcurrency?: number;
  /** Gives the app a table, so that a database is started. @default false */
  readonly hasTable?: boolean;
  /** Routes `route1`, `route2` … besides those of the base, each an echo with a folder of its own. @default 0 */
  readonly extraRoutes?: number;
}

export function routeFile(folder: string, number: number): string {
  return join(folder, 'src', 'ws', `route${number}`, 'index.js');
}

/** Copies one of the apps and adds to it. */
export async function writeApp(options: AppOptions): Promise<App> {
  const { base, environmentConcurrency = 1, hasTable = false, extraRoutes = 0 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'furrow-bench-'));
  await cp(join(import.meta.dirname, 'apps', base), folder, { recursive: true });
  await writeFile(join(folder, '.env'), `ROOM_FILE=${join(folder, 'room.txt')}\n`);
  const manifest = join(folder, 'app.arc');
  if (environmentConcurrency > 1) {
    await appendFile(manifest, `\n@aws\nenvironment-concurrency ${environmentConcurrency}\n`);
  }
  if (hasTable) await appendFile(manifest, '\n@tables\nitems\n  id *String\n');
  const numbers = Array.from({ length: extraRoutes }, (_, index) => index + 1);
  const names = numbers.map((number) => `route${number}\n`).join('');
  await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('@ws\n', `@ws\n${names}`));
  await Promise.all(
    numbers.map(async (number) => {
      await mkdir(join(folder, 'src', 'ws', `route${number}`));
      await cp(join(folder, 'src', 'ws', 'default', 'index.js'), routeFile(folder, number));
    }),
  );
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}
