import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App, FunctionDefinition, Problem } from './app.ts';
import { handlerFiles } from './default-handler.ts';
import { errors } from './errors.ts';
import { draftFunctions } from './interpret.ts';
import {
  draftManifest,
  finishManifest,
  packageKeys,
  type ConfigText,
  type DraftManifest,
  type ManifestText,
} from './manifest.ts';
import { withoutMark } from './lines.ts';
import { noPlugins, type AppPlugins } from './plugins/hooks.ts';
import type { UsedPlugins } from './plugins/use-plugins.ts';

/** What `loadApp` found. `files` are the absolute paths that a change of the app could be in, existing or not. */
export type LoadedApp =
  | {
      readonly ok: true;
      readonly app: App;
      readonly problems: readonly Problem[];
      readonly files: readonly string[];
      readonly plugins: AppPlugins;
    }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      readonly files: readonly string[];
      /** What could be read: enough to look at its code, and nothing to run. */
      readonly partial: App;
    };

/** Where an app may be declared, in the order in which the first found wins. */
export const manifestFiles = ['app.arc', '.arc', 'arc.json', 'arc.yaml', 'arc.yml', 'package.json'] as const;

/** Where a function may have settings of its own, in the same way. */
const configFiles = [
  'config.arc',
  '.arc-config',
  'arc.json',
  'arc-config.json',
  'config.yaml',
  'config.yml',
  'arc-config.yaml',
  'arc-config.yml',
] as const;

/**
 * Finds and reads the manifest of a project and the config files of its functions.
 *
 * Plugins that it names are loaded, which runs their code, and asked what they add to it. Everything wrong in them is in
 * `problems`, never thrown.
 *
 * @throws {MANIFEST_MISSING} when the folder has no manifest.
 * @throws {MANIFEST_UNREADABLE} when a file is there and cannot be read.
 */
export async function loadApp(projectDir: string, { stage }: { readonly stage?: string } = {}): Promise<LoadedApp> {
  const manifest = await readManifest(projectDir);
  let used: UsedPlugins | undefined;
  const written = await draftManifest(manifest, async (pragmas, report) => {
    if (!pragmas.some(({ name, items }) => name === 'plugins' && items.length > 0)) return undefined;
    // Only those who have plugins wait for what runs them.
    const { usePlugins } = await import('./plugins/use-plugins.ts');
    used = await usePlugins(pragmas, { ...manifest, projectDir, stage }, report);
    return used.additions;
  });
  const draft = await withOlderFolders(written, projectDir);
  const folders = [...new Set(draftFunctions(draft.draft).map(({ sourceDir }) => sourceDir))];
  const listed = await Promise.all(
    folders.map(async (folder) => [folder, await listFiles(join(projectDir, folder))] as const),
  );
  const names = new Map(listed);
  const configs = await Promise.all(listed.map(([folder, held]) => readConfig(projectDir, folder, held)));
  const found = await finishManifest(
    draft,
    configs.filter((config) => config !== undefined),
    names,
  );
  const inFolders = folders.flatMap((folder) => configFiles.map((name) => `${folder}/${name}`));
  if (found.ok) inFolders.push(...found.app.functions.flatMap((each) => otherHandlers(each)));
  const files = [...manifestFiles, ...inFolders].map((file) => join(projectDir, file));
  return found.ok ? { ...found, files, plugins: used?.appPlugins(found.app) ?? noPlugins } : { ...found, files };
}

async function readManifest(projectDir: string): Promise<ManifestText> {
  const names = await listFiles(projectDir);
  const found: { file: string; text: string }[] = [];
  for (const file of manifestFiles.filter((name) => names.has(name))) {
    // In order, because only the first is needed whole.
    // oxlint-disable-next-line no-await-in-loop
    const text = await readText(join(projectDir, file));
    if (file !== 'package.json' || holdsManifest(text, found.length === 0)) found.push({ file, text });
  }
  const [first, ...others] = found;
  if (first === undefined) throw errors.manifestMissing(projectDir, manifestFiles);
  return { ...first, ignored: others.map(({ file }) => file) };
}

/** Whether a package.json says anything to us; a broken one only when it is the last hope for a manifest. */
function holdsManifest(text: string, isOnly: boolean): boolean {
  let data: unknown;
  try {
    data = JSON.parse(withoutMark(text));
  } catch {
    // Its problems are reported with their place when it is read as the manifest.
    return isOnly && packageKeys.some((key) => text.includes(`"${key}"`));
  }
  return typeof data === 'object' && data !== null && packageKeys.some((key) => Object.hasOwn(data, key));
}

/** Whose older folder is there, and no newer one, lives in it. */
async function withOlderFolders(manifest: DraftManifest, projectDir: string): Promise<DraftManifest> {
  const tablesStreams = await Promise.all(
    manifest.draft.tablesStreams.map(async (each) => {
      if (each.olderDir === undefined) return each;
      const [newer, older] = await Promise.all(
        [each.sourceDir, each.olderDir].map((folder) => listFiles(join(projectDir, folder))),
      );
      return newer?.size === 0 && older?.size !== 0 ? { ...each, sourceDir: each.olderDir } : each;
    }),
  );
  return { ...manifest, draft: { ...manifest.draft, tablesStreams } };
}

/** Files that would be a function's handler in place of the one that is, or is looked for. */
function otherHandlers({ sourceDir, settings }: FunctionDefinition): readonly string[] {
  const base = settings.handler.slice(0, settings.handler.lastIndexOf('.'));
  const files = handlerFiles(settings.runtime);
  const others = files.filter((file) => !file.startsWith(`${base}.`));
  return others.length < files.length ? others.map((file) => `${sourceDir}/${file}`) : [];
}

async function readConfig(
  projectDir: string,
  sourceDir: string,
  names: ReadonlySet<string>,
): Promise<ConfigText | undefined> {
  const [name, ...others] = configFiles.filter((each) => names.has(each));
  if (name === undefined) return undefined;
  const text = await readText(join(projectDir, sourceDir, name));
  return { sourceDir, file: `${sourceDir}/${name}`, text, ignored: others };
}

/** The names in a folder, without its folders; none when it is not there. */
async function listFiles(folder: string): Promise<ReadonlySet<string>> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
  } catch (error) {
    if (isMissing(error)) return new Set();
    throw errors.fileUnreadable(folder, error);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw errors.fileUnreadable(file, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
