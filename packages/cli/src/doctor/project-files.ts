import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App, FunctionDefinition } from '@furrow/manifest';
import type { TextFile } from './finding.ts';

/** A file of the app's code, not parsed yet. */
interface CodeFile extends TextFile {
  readonly owners: readonly FunctionDefinition[];
  readonly isBrowser: boolean;
}

interface Folder {
  readonly folder: string;
  readonly owners: readonly FunctionDefinition[];
  readonly isBrowser: boolean;
}

/** Folders beside the static one in which apps keep what browsers load. */
const browserFolders = ['src/browser', 'src/client'];

const code = /\.(?:[cm]?js|[cm]?ts|jsx|tsx)$/;
const page = /\.html?$/;
const declarationOrTest = /\.d\.[cm]?ts$|[.-](?:test|spec)\.\w+$/;

/** What is longer was made by a tool. */
const maxFileLength = 400_000;
const maxLineLength = 4000;

/** Reads the code of functions, of what they share, and of browsers. Each file once, in the order of its path. */
export async function readCode(projectDir: string, app: App): Promise<readonly CodeFile[]> {
  const found = await Promise.all(foldersOf(app).map((folder) => readFolder(projectDir, folder)));
  const byFile = new Map<string, CodeFile>();
  for (const each of found.flat()) {
    const earlier = byFile.get(each.file);
    const owners = [...new Set([...(earlier?.owners ?? []), ...each.owners])];
    byFile.set(each.file, { ...each, owners, isBrowser: (earlier?.isBrowser ?? true) && each.isBrowser });
  }
  return [...byFile.values()].toSorted((one, other) => (one.file < other.file ? -1 : 1));
}

function foldersOf({ functions, sharedFolder, viewsFolder, static: { folder } }: App): readonly Folder[] {
  return [
    ...functions.filter(isWrittenHere).map((each) => ({ folder: each.sourceDir, owners: [each], isBrowser: false })),
    { folder: sharedFolder, owners: functions.filter(({ settings }) => settings.shared), isBrowser: false },
    { folder: viewsFolder, owners: functions.filter(({ settings }) => settings.views), isBrowser: false },
    ...[folder, ...browserFolders].map((each) => ({ folder: each, owners: [], isBrowser: true })),
  ];
}

/** What a plugin brings along is for its author to mend. */
function isWrittenHere({ sourceDir, plugin }: FunctionDefinition): boolean {
  const parts = sourceDir.split('/');
  return plugin === undefined || !(parts[0] === '..' || parts.includes('node_modules'));
}

async function readFolder(projectDir: string, { folder, owners, isBrowser }: Folder): Promise<readonly CodeFile[]> {
  const names = await namesBelow(join(projectDir, folder), '');
  const wanted = names.filter(
    (name) => !declarationOrTest.test(name) && (code.test(name) || (isBrowser && page.test(name))),
  );
  const files = await Promise.all(
    wanted.map(async (name) => {
      const file = `${folder}/${name}`;
      // A link that leads nowhere has nothing to read.
      const text = await readFile(join(projectDir, file), 'utf8').catch(() => '');
      return { file, text: page.test(name) ? scriptsOf(text) : text, owners, isBrowser };
    }),
  );
  return files.filter(({ text }) => isWritten(text));
}

/** Files below a folder, with `/`; none when it is not there. What is installed or hidden is left out. */
async function namesBelow(folder: string, prefix: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const { name } = entry;
      if (name === 'node_modules' || name === 'vendor' || name.startsWith('.')) return [];
      return entry.isDirectory() ? namesBelow(join(folder, name), `${prefix}${name}/`) : [`${prefix}${name}`];
    }),
  );
  return found.flat();
}

function isWritten(text: string): boolean {
  return text.length <= maxFileLength && text.split('\n').every((line) => line.length <= maxLineLength);
}

/**
 * The scripts of a page, each character where it was, all else as spaces.
 *
 * What a script of old declares stands in a block of its own, because another may use the name again.
 */
function scriptsOf(html: string): string {
  let scripts = '';
  for (const { 0: whole, 1: tag = '', 2: script = '', index } of html.matchAll(
    /(<script\b(?![^>]*\bsrc=)(?![^>]*type=["'](?!module|text\/javascript))[^>]*>)([\s\S]*?)<\/script>/gi,
  )) {
    const [opens, closes] = tag.includes('module') ? [';', ';'] : ['{', '}'];
    scripts += blank(html.slice(scripts.length, index + tag.length)).replace(/ $/, opens) + script;
    scripts += blank(whole.slice(tag.length + script.length)).replace(/^ /, closes);
  }
  return scripts;
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}
