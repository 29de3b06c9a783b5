import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { findPackage } from '@furrow/executor';
import { loadApp, preferenceFiles, type App, type Problem } from '@furrow/manifest';
import { buildFindings } from './builds.ts';
import { findingAt, type Finding, type Source, type TextFile } from './finding.ts';
import { preferenceFindings, variableFindings } from './local-settings.ts';
import { parseSource } from './parse-source.ts';
import { readCode } from './project-files.ts';
import { pythonFindings } from './python.ts';
import { rules } from './rules/all.ts';
import { runtimeFindings } from './runtimes.ts';

/** What `arc doctor` knows of a project. */
export interface Diagnosis {
  /** `undefined` when the manifest is refused. */
  readonly app: App | undefined;
  /** Whether functions were built; they are not when nobody knows of which settings and plugins. */
  readonly isBuilt: boolean;
  /** In the order of their kinds, files and lines. */
  readonly findings: readonly Finding[];
}

export interface ExamineOptions {
  /** What AWS would not take of an app's names and sizes. */
  readonly appFaults: (app: App) => readonly Pick<Finding, 'code' | 'message' | 'fix'>[];
}

/** Packages that rules ask for. */
const askedFor = ['@architect/functions', 'aws-sdk'];

/**
 * Reads and builds a project, and says what will not run, and what is likely to fail on AWS. Changes nothing and runs none
 * of its code, save that of plugins, which say what the app is.
 *
 * @throws {MANIFEST_MISSING} when the folder has no manifest.
 */
export async function examine(projectDir: string, { appFaults }: ExamineOptions): Promise<Diagnosis> {
  const loaded = await loadApp(projectDir);
  const files = loaded.files.map((file) => relative(projectDir, file).replaceAll(sep, '/'));
  const settings = await readAll(projectDir, files);
  const runtimes = runtimeFindings(settings, Date.now());
  const ofManifest = loaded.problems
    .filter((problem) => !runtimes.some(({ file, line }) => file === problem.file && line === problem.line))
    .map((problem) => fromManifest(problem));
  const ofSettings = [...ofManifest, ...(await localFindings(projectDir)), ...runtimes];
  const app = loaded.ok ? loaded.app : loaded.partial;
  const isBuilt = loaded.problems.every(({ severity, code }) => severity !== 'error' || ofOneItem.test(code));
  const manifest = settings.find(({ file }) => file === app.file) ?? { file: app.file, text: '' };
  const builds = isBuilt ? await buildFindings(projectDir, app, manifest) : [];
  const ofPython = isBuilt ? await pythonFindings(projectDir, app) : [];
  const ofApp = loaded.ok ? atName(manifest, appFaults(app)) : [];
  const sources = await readSources(projectDir, app);
  const findings = [...ofSettings, ...builds, ...ofApp, ...ofPython, ...checkSources(sources)];
  return { app: loaded.ok ? app : undefined, isBuilt, findings };
}

/** Errors that say nothing of the others: the app's name, and single tables, routes and schedules. */
const ofOneItem = /^(?:APP_NAME|(?:TABLE|ROUTE|HTTP|BACKGROUND|SCHEDULE|INDEXES|LAYERS?)_)/;

/** What is wrong with the app as a whole, where the manifest names it. */
function atName(manifest: TextFile, faults: ReturnType<ExamineOptions['appFaults']>): readonly Finding[] {
  const [whole = '', before = '', name = ''] =
    /^([ \t]*@app\b[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*)(\S+)/m.exec(manifest.text) ?? [];
  const start = manifest.text.indexOf(whole) + before.length;
  const place = { start, end: Math.max(start + 1, start + name.length) };
  return faults.map(({ code, message, fix }) =>
    findingAt(manifest, place, { outcome: 'on-aws', severity: 'error', code, message, fix }),
  );
}

function fromManifest(problem: Problem): Finding {
  return { ...problem, outcome: 'not-run' };
}

async function localFindings(projectDir: string): Promise<readonly Finding[]> {
  const preferences = await readAll(projectDir, preferenceFiles);
  const variables = await readAll(projectDir, ['.env']);
  // Of several files of preferences the first counts.
  return [...preferences.slice(0, 1).flatMap(preferenceFindings), ...variables.flatMap(variableFindings)];
}

/** Those of the files that are there. */
async function readAll(projectDir: string, files: readonly string[]): Promise<readonly TextFile[]> {
  const texts = await Promise.all(
    // One that is not there, or may not be read, says nothing; the manifest was read before.
    files.map((file) => readFile(join(projectDir, file), 'utf8').catch(() => {})),
  );
  return files.flatMap((file, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ file, text }];
  });
}

async function readSources(projectDir: string, app: App): Promise<readonly Source[]> {
  const files = await readCode(projectDir, app);
  return files.flatMap((each) => {
    const nodes = parseSource(each.file, each.text);
    const folder = dirname(join(projectDir, each.file));
    const installed = new Set(askedFor.filter((name) => findPackage(folder, name) !== undefined));
    return nodes === undefined ? [] : [{ ...each, nodes, installed }];
  });
}

function checkSources(sources: readonly Source[]): readonly Finding[] {
  return sources.flatMap((source) =>
    rules.flatMap((rule) => rule(source)).toSorted((one, other) => one.line - other.line || one.column - other.column),
  );
}
