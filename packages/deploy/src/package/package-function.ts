import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import {
  bundleFunction,
  handlerFileNames,
  sharedFolders,
  type BuildProblem,
  type BuildTarget,
  type Bundle,
  type ExternalPackage,
} from '@furrow/executor';
import type { FunctionDefinition } from '@furrow/manifest';
import type { InstallPackages } from './install-packages.ts';
import { missingHandler } from './other-language.ts';
import type { InstallPython } from './install-python.ts';
import { packageNatives } from './package-natives.ts';
import { packagePython } from './package-python.ts';
import type { PackagedFunction, PackageFault } from './package.ts';
import { platformOf } from './platform.ts';
import { bundledFiles, folderFiles, madeFile, sharedFiles, type ShippedFile } from './shipped-file.ts';
import { usesSessions } from './uses-sessions.ts';
import { byPath, createZip } from './zip.ts';

/** What all functions of an app are packaged with. */
export interface PackageTools {
  /** Absolute path, links followed. */
  readonly projectDir: string;
  readonly install: InstallPackages;
  readonly installPython: InstallPython;
  /** What `@architect/shared` and `@architect/views` are, relative to the project. */
  readonly sharedFolders: Readonly<Record<'shared' | 'views', string>>;
  /** What static files are called on AWS, by the names that they have in the app; `undefined`: as in the app. */
  readonly staticManifest: Readonly<Record<string, string>> | undefined;
}

export type Packaged =
  | { readonly ok: true; readonly packaged: PackagedFunction }
  | { readonly ok: false; readonly fault: PackageFault };

type Collected =
  | ({ readonly ok: true } & ToZip)
  | ({ readonly ok: false } & Pick<PackageFault, 'kind' | 'message' | 'problems'>);

interface ToZip {
  readonly handler: string;
  readonly files: readonly ShippedFile[];
  /** @default false */
  readonly usesSessions?: boolean;
}

/**
 * Most bytes of a function unzipped.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11)
 */
const maxUnzippedBytes = 250 * 1024 * 1024;
const namedFiles = 5;

/** Packages one function; what is wrong with its files is a fault, not an exception. */
export async function packageFunction(definition: FunctionDefinition, tools: PackageTools): Promise<Packaged> {
  const { name, label, sourceDir } = definition;
  try {
    const collected = await collect(definition, tools);
    if (!collected.ok) return { ok: false, fault: { name, label, sourceDir, ...withoutOk(collected) } };
    const tooLarge = tooLargeMessage(label, collected.files);
    if (tooLarge !== undefined) {
      return { ok: false, fault: { name, label, sourceDir, kind: 'too-large', message: tooLarge, problems: [] } };
    }
    return { ok: true, packaged: await zipFunction({ name, label }, collected) };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const message = `"${label}" could not be read: ${error.message}.`;
    return { ok: false, fault: { name, label, sourceDir, kind: 'broken', message, problems: [] } };
  }
}

/** Packages a function of Furrow's own: a bundle and nothing else. */
export async function packageBuiltIn(
  names: Pick<PackagedFunction, 'name' | 'label'>,
  target: BuildTarget,
  { projectDir }: PackageTools,
): Promise<PackagedFunction> {
  const built = await bundleFunction(target, { projectDir, outDir: projectDir, isShipped: true });
  if (built.type !== 'built') throw new Error(`The function "${names.name}" of Furrow does not build.`);
  const { fileName, code, sourceMap } = built.bundle;
  const files = [madeFile(fileName, code), madeFile(`${fileName}.map`, sourceMap)];
  return zipFunction(names, { handler: bundleHandler, files });
}

/** How the entry around a handler is exported. */
const bundleHandler = 'index.handler';

async function collect(definition: FunctionDefinition, tools: PackageTools): Promise<Collected> {
  const { projectDir, install, staticManifest } = tools;
  const { kind, label, settings } = definition;
  const { handler, external, runtime } = settings;
  const sourceDir = join(projectDir, definition.sourceDir);
  const shared = sharedFolders(projectDir, tools.sharedFolders, settings);
  if (!runtime.startsWith('nodejs')) return collectOther(definition, tools);
  const target = { kind, sourceDir, handler, external, shared };
  const options = { projectDir, outDir: projectDir, isShipped: true, ...(staticManifest && { staticManifest }) };
  const built = await bundleFunction(target, options);
  if (built.type === 'missing') {
    const names = handlerFileNames(handler).join(', ');
    return refuse('missing', `"${label}" has no handler: looked for ${names} in ${definition.sourceDir}.`);
  }
  if (built.type === 'broken') {
    return refuse('broken', `"${label}" does not build: ${describe(built.problems[0])}`, built.problems);
  }
  const { missingExport } = built.bundle;
  if (missingExport !== undefined) {
    const { handlerFile, exportName } = missingExport;
    const file = relative(projectDir, handlerFile).replaceAll(sep, '/');
    return refuse('broken', `"${label}" exports no handler: ${file} has no export "${exportName}".`);
  }
  const externals = built.bundle.externals.filter((each) => !isInLayer(each, definition));
  const natives = await packageNatives(externals, platformOf(settings.architecture), install);
  if (!natives.ok) return refuse('unbundled', `"${label}" cannot be shipped: ${natives.faults.join(' ')}`);
  const readable = await readableFiles(built.bundle, staticManifest);
  const files = [...(await bundledFiles(sourceDir, built.bundle)), ...natives.files, ...readable];
  return { ok: true, handler: bundleHandler, files, usesSessions: await mentionsSessions(built.bundle, projectDir) };
}

/** Looks through the app's own files; packages and Furrow itself are not the app's. */
async function mentionsSessions({ inputs }: Bundle, projectDir: string): Promise<boolean> {
  const isOwn = (file: string) => file.startsWith(projectDir + sep) && !file.includes('node_modules');
  const own = [...inputs].filter((file) => /\.[cm]?[jt]sx?$/.test(file) && isOwn(file));
  // What is no file of a disk, such as the entry, says nothing.
  return usesSessions(await Promise.all(own.map((file) => readFile(file, 'utf8').catch(() => ''))));
}

async function collectOther(definition: FunctionDefinition, tools: PackageTools): Promise<Collected> {
  const { projectDir, staticManifest } = tools;
  const { label, sourceDir, settings } = definition;
  const { handler, runtime } = settings;
  const files = await folderFiles(join(projectDir, sourceDir));
  const missing = missingHandler(runtime, handler, files);
  if (missing !== undefined) return refuse('missing', `"${label}" has no handler: ${sourceDir} has no ${missing}.`);
  const python = await packagePython(definition, files, tools);
  if (!python.ok) return refuse('unbundled', python.message);
  const shared = sharedFolders(projectDir, tools.sharedFolders, settings).filter(({ isGiven }) => isGiven);
  const vendored = [...(await sharedFiles(shared, 'vendor')), ...manifestFile(staticManifest, 'vendor')];
  return { ok: true, handler, files: withoutTwice([...vendored, ...files, ...python.files]) };
}

/** What the function may read in `node_modules/@architect`. */
async function readableFiles(
  { shared, readsStaticManifest }: Bundle,
  staticManifest: PackageTools['staticManifest'],
): Promise<readonly ShippedFile[]> {
  const below = 'node_modules/@architect';
  const files = await sharedFiles(shared, below);
  return readsStaticManifest ? withoutTwice([...manifestFile(staticManifest, below), ...files]) : files;
}

function manifestFile(staticManifest: PackageTools['staticManifest'], below: string): readonly ShippedFile[] {
  if (staticManifest === undefined) return [];
  return [madeFile(`${below}/shared/static.json`, Buffer.from(JSON.stringify(staticManifest)))];
}

/** Of files at one place the first. */
function withoutTwice(files: readonly ShippedFile[]): readonly ShippedFile[] {
  return [...new Map(files.toReversed().map((file) => [file.path, file])).values()];
}

/** A package that is named, but not installed, may be in a layer of the function. */
function isInLayer({ folder }: ExternalPackage, { settings }: FunctionDefinition): boolean {
  return folder === undefined && settings.layers.length > 0;
}

function refuse(kind: PackageFault['kind'], message: string, problems: readonly BuildProblem[] = []): Collected {
  return { ok: false, kind, message, problems };
}

function withoutOk({ kind, message, problems }: Extract<Collected, { ok: false }>) {
  return { kind, message, problems };
}

function describe(problem: BuildProblem | undefined): string {
  if (problem?.file === undefined) return problem?.message ?? '';
  return `${problem.file}:${problem.line}:${problem.column} ${problem.message}`;
}

function tooLargeMessage(label: string, files: readonly ShippedFile[]): string | undefined {
  const bytes = total(files);
  if (bytes <= maxUnzippedBytes) return undefined;
  const largest = files.toSorted((a, b) => b.bytes - a.bytes).slice(0, namedFiles);
  const named = largest.map((file) => `${file.path} (${megabytes(file.bytes)})`).join(', ');
  return (
    `"${label}" has ${megabytes(bytes)} of files, and Lambda takes ${megabytes(maxUnzippedBytes)}. The largest are ` +
    `${named}. Keep data in a bucket or in the static folder, and leave out packages that it does not need.`
  );
}

function megabytes(bytes: number): string {
  const value = bytes / (1024 * 1024);
  return `${value.toFixed(Number.isInteger(value) ? 0 : 1)} MB`;
}

function total(files: readonly ShippedFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function zipFunction(
  { name, label }: Pick<PackagedFunction, 'name' | 'label'>,
  { handler, files, usesSessions: isUsing = false }: ToZip,
): Promise<PackagedFunction> {
  const sorted = files.toSorted(byPath);
  const entries = await Promise.all(sorted.map(async ({ path, read }) => ({ path, data: await read() })));
  const zip = await createZip(entries);
  const hash = createHash('sha256').update(zip).digest();
  return {
    name,
    label,
    key: `functions/${hash.toString('hex')}.zip`,
    codeSha256: hash.toString('base64'),
    handler,
    zip,
    unzippedBytes: total(files),
    usesSessions: isUsing,
    files: sorted.map(({ path, bytes }) => ({ path, bytes })),
  };
}
