import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repository } from '../support/built.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const apps = import.meta.dirname;

interface Manifest {
  readonly dependencies?: object;
  readonly devDependencies?: object;
}

/** The folders of this one: an app each. */
export async function appNames(): Promise<readonly string[]> {
  const entries = await readdir(apps, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/**
 * An app in a folder of its own, with the packages that it depends on installed: those of this repository.
 *
 * @param library the folder in `node_modules` of the stock library that is installed. @default none: Furrow's own is used
 */
export async function copyApp(name: string, library?: string): Promise<TemporaryFolder> {
  const folder = await openTemporaryFolder();
  await cp(join(apps, name), folder.path, { recursive: true, filter: (path) => !/[/\\]\.furrow$/.test(path) });
  const { dependencies = {}, devDependencies = {} }: Manifest = JSON.parse(await folder.read('package.json'));
  const plugins = Object.keys(devDependencies).filter((dependency) => dependency.includes('/plugin-'));
  // Versions before 8 take the SDK from Lambda, and from what is installed here.
  const sdk = library === undefined ? [] : await readdir(join(repository, 'node_modules', '@aws-sdk'));
  for (const part of sdk) await install(`@aws-sdk/${part}`, join(folder.path, 'node_modules', '@aws-sdk', part));
  for (const dependency of [...Object.keys(dependencies), ...plugins]) {
    const installed = dependency === '@architect/functions' ? library : dependency;
    if (installed !== undefined) await install(installed, join(folder.path, 'node_modules', dependency));
  }
  return folder;
}

async function install(installed: string, path: string): Promise<void> {
  const from = join(repository, 'node_modules', installed);
  await readFile(join(from, 'package.json')); // What is not there is an error here, and not of the app.
  await mkdir(dirname(path), { recursive: true });
  await symlink(from, path, 'junction');
}
