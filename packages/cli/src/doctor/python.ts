import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { otherHandlerFile } from '@furrow/executor';
import type { App, FunctionDefinition } from '@furrow/manifest';
import { findingAt, type Finding, type TextFile } from './finding.ts';

/** What Lambda brings along in Python, by the names that code imports. */
const ofLambda = new Set(['awslambdaric', 'boto3', 'botocore', 'dateutil', 'jmespath', 's3transfer', 'six', 'urllib3']);

/** A package that is installed on this machine. */
interface Package {
  /** As `requirements.txt` has it: `requests==2.32.5`. */
  readonly line: string;
  /** The modules that it brings. */
  readonly modules: ReadonlySet<string>;
}

/**
 * What functions in Python import from the developer's virtual environment and do not ship. Of a function that ships
 * anything, by a list, a folder or a layer, nothing is said: what a package brings has another name than itself.
 */
export async function pythonFindings(projectDir: string, { functions }: App): Promise<readonly Finding[]> {
  const own = functions.filter(({ settings }) => settings.runtime.startsWith('python') && settings.layers.length === 0);
  if (own.length === 0) return [];
  const ofProject = await packagesIn(projectDir);
  const found = await Promise.all(own.map((each) => findingsOf(projectDir, each, ofProject)));
  return found.flat();
}

async function findingsOf(
  projectDir: string,
  { sourceDir, settings }: FunctionDefinition,
  ofProject: readonly Package[],
): Promise<readonly Finding[]> {
  const folder = join(projectDir, sourceDir);
  const file = otherHandlerFile(settings.runtime, settings.handler);
  if (file === undefined || ['requirements.txt', 'vendor'].some((name) => existsSync(join(folder, name)))) return [];
  const text = await readFile(join(folder, file), 'utf8').catch(() => '');
  const packages = [...(await packagesIn(folder)), ...ofProject];
  return importsOf(text).flatMap(({ name, start }) => {
    if (ofLambda.has(name) || [name, `${name}.py`].some((each) => existsSync(join(folder, each)))) return [];
    const from = packages.find(({ modules }) => modules.has(name));
    return from === undefined ? [] : [unshipped({ file: `${sourceDir}/${file}`, text }, sourceDir, name, start, from)];
  });
}

function unshipped(at: TextFile, sourceDir: string, name: string, start: number, { line }: Package): Finding {
  return findingAt(
    at,
    { start, end: start + name.length },
    {
      outcome: 'on-aws',
      severity: 'error',
      code: 'PACKAGE_UNSHIPPED',
      message: `"${name}" is installed on this machine alone: ${sourceDir} has no requirements.txt.`,
      fix: `Write ${line} into ${sourceDir}/requirements.txt.`,
    },
  );
}

/** The modules that a text imports as a whole, not where it tries or within a function. */
function importsOf(text: string): readonly { readonly name: string; readonly start: number }[] {
  const found = [...text.matchAll(/^(?:import|from)[ \t]+([A-Za-z_]\w*)/gm)];
  return found.map(({ 0: whole, 1: name = '', index }) => ({ name, start: index + whole.length - name.length }));
}

/** What the virtual environment of a folder has. */
async function packagesIn(folder: string): Promise<readonly Package[]> {
  const places = await sitePackages(join(folder, '.venv'));
  const found = await Promise.all(
    places.map(async (place) => {
      const names = await namesIn(place);
      const infos = names.filter((name) => name.endsWith('.dist-info'));
      return Promise.all(infos.map((info) => readPackage(join(place, info))));
    }),
  );
  return found.flat();
}

async function sitePackages(environment: string): Promise<readonly string[]> {
  const versions = await namesIn(join(environment, 'lib'));
  // Windows has one folder for all versions.
  return [...versions.map((version) => ['lib', version]), ['Lib']].map((path) =>
    join(environment, ...path, 'site-packages'),
  );
}

async function readPackage(info: string): Promise<Package> {
  const [record, metadata] = await Promise.all(
    ['RECORD', 'METADATA'].map((name) => readFile(join(info, name), 'utf8').catch(() => '')),
  );
  const field = (name: string) => new RegExp(`^${name}: *(\\S+)`, 'm').exec(metadata ?? '')?.[1] ?? '';
  const modules = [...(record ?? '').matchAll(/^(\w+)(?:\/__init__)?\.py,/gm)].map(({ 1: name = '' }) => name);
  return { line: `${field('Name')}==${field('Version')}`, modules: new Set(modules) };
}

/** Nothing where there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
