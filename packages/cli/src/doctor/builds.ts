import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import {
  bundleFunction,
  findPackage,
  handlerFileNames,
  otherHandlerFile,
  sharedFolders,
  type BuildProblem,
  type Bundle,
} from '@furrow/executor';
import type { App, FunctionDefinition } from '@furrow/manifest';
import { describeCount } from '../report/units.ts';
import { findingAt, type Finding, type TextFile, type Words } from './finding.ts';

/** Builds every function as a deploy does, keeps nothing, and says which do not build. */
export async function buildFindings(projectDir: string, app: App, manifest: TextFile): Promise<readonly Finding[]> {
  const found = await Promise.all(app.functions.map((each) => buildOne(projectDir, app, each, manifest)));
  return [
    ...brokenFindings(found, manifest),
    ...found.flatMap(({ findings }) => findings),
    ...lackingFindings(found, manifest),
  ];
}

/** What a build of one function says. */
interface Built {
  readonly label: string;
  readonly findings: readonly Finding[];
  readonly problems?: readonly BuildProblem[];
  /** Packages of the AWS SDK that only Lambda has. */
  readonly sdk?: readonly string[];
}

/** Each problem once, with all functions that it is in: shared code is built into several. */
function brokenFindings(found: readonly Built[], manifest: TextFile): readonly Finding[] {
  const all = found.flatMap(({ label, problems = [] }) => problems.map((problem) => ({ label, problem })));
  const placeOfProblem = ({ problem }: (typeof all)[number]) =>
    [problem.file, problem.line, problem.column, problem.message].join(':');
  return [...new Set(all.map(placeOfProblem))].flatMap((place) => {
    const group = all.filter((each) => placeOfProblem(each) === place);
    const labels = [...new Set(group.map(({ label }) => label))];
    return group.slice(0, 1).map(({ problem }) => broken(problem, who(labels, 'does', 'do'), manifest));
  });
}

/** Packages that Lambda brings along, and this machine does not have. */
function lackingFindings(found: readonly Built[], manifest: TextFile): readonly Finding[] {
  const names = [...new Set(found.flatMap(({ sdk = [] }) => sdk))].toSorted();
  return names.map((name) => {
    const labels = found.filter(({ sdk }) => sdk?.includes(name)).map(({ label }) => label);
    return notRun(
      manifest,
      { start: 0, end: 1 },
      {
        code: 'SDK_NOT_INSTALLED',
        message: `${who(labels, 'needs', 'need')} ${name}: Lambda has it, and the sandbox finds none.`,
        fix: `Run "npm install --save-dev ${name}".`,
      },
    );
  });
}

/** `"default" does`, `"default" and 2 others do` */
function who([first = '', ...others]: readonly string[], one: string, many: string): string {
  if (others.length === 0) return `"${first}" ${one}`;
  return `"${first}" and ${describeCount(others.length, 'other')} ${many}`;
}

async function buildOne(
  projectDir: string,
  app: App,
  { kind, label, settings, sourceDir }: FunctionDefinition,
  manifest: TextFile,
): Promise<Built> {
  const { runtime, handler, external } = settings;
  const of = { projectDir, kind, label, sourceDir };
  const only = (...findings: readonly Finding[]): Built => ({ label, findings });
  if (!runtime.startsWith('nodejs')) {
    const file = otherHandlerFile(runtime, handler);
    const isThere = file === undefined || existsSync(join(projectDir, sourceDir, file));
    return isThere ? only() : only(handlerMissing(manifest, { ...of, looked: file }));
  }
  const folders = { shared: app.sharedFolder, views: app.viewsFolder };
  const shared = sharedFolders(projectDir, folders, settings);
  const target = { kind, sourceDir: join(projectDir, sourceDir), handler, external, shared };
  const built = await bundleFunction(target, { projectDir, outDir: projectDir, isShipped: true });
  if (built.type === 'missing') {
    return only(handlerMissing(manifest, { ...of, looked: handlerFileNames(handler).join(', ') }));
  }
  if (built.type === 'broken') return { ...only(), problems: built.problems };
  const { missingExport } = built.bundle;
  if (missingExport !== undefined) return only(await exportMissing(missingExport, of));
  return { ...only(), sdk: await sdkOf(built.bundle, projectDir) };
}

/** Packages of the AWS SDK that a bundle leaves out and this machine has not; what the SDK itself can do without is none. */
async function sdkOf({ code, inputs }: Bundle, projectDir: string): Promise<readonly string[]> {
  const imports = Buffer.from(code)
    .toString()
    .matchAll(/(?:require\(|import\(|from\s*|import\s*)["'](@(?:aws-sdk|smithy)\/[\w.-]+)/g);
  const names = [...new Set([...imports].flatMap(({ 1: name }) => name ?? []))];
  const lacking = names.filter((name) => findPackage(projectDir, name) === undefined);
  if (lacking.length === 0) return [];
  const others = [...inputs].filter((file) => !/[\\/]@(?:aws-sdk|smithy)[\\/]/.test(file));
  // What is no file of a disk, such as the entry, imports none.
  const texts = await Promise.all(others.map((file) => readFile(file, 'utf8').catch(() => '')));
  return lacking.filter((name) => texts.some((text) => text.includes(name)));
}

/** A function, and where it is. */
interface Place {
  readonly projectDir: string;
  readonly kind: string;
  readonly label: string;
  readonly sourceDir: string;
}

async function exportMissing(
  { handlerFile, exportName }: { readonly handlerFile: string; readonly exportName: string },
  { projectDir, label }: Place,
): Promise<Finding> {
  const file = relative(projectDir, handlerFile).replaceAll(sep, '/');
  const text = await readFile(handlerFile, 'utf8');
  return notRun(
    { file, text },
    { start: 0, end: 1 },
    {
      code: 'HANDLER_MISSING',
      message: `${file} has no export "${exportName}".`,
      fix: `Export the handler of "${label}" by that name.`,
    },
  );
}

/** Functions that an app may be without. */
const optional = new Set(['connect', 'default', 'disconnect']);

function handlerMissing(manifest: TextFile, of: Place & { readonly looked: string }): Finding {
  return notRun(manifest, placeOf(manifest, of.kind), {
    code: 'HANDLER_MISSING',
    message: `"${of.label}" has no handler: looked for ${of.looked} in ${of.sourceDir}.`,
    fix: whereItIs(of),
  });
}

function whereItIs({ projectDir, kind, label, sourceDir }: Place): string {
  // So Architect called the folders before version 6.
  const old = `${dirname(sourceDir)}/ws-${label}`;
  if (kind === 'ws' && existsSync(join(projectDir, old))) return `Rename ${old} to ${sourceDir}.`;
  return optional.has(label)
    ? `Run "arc init", which makes it, or leave it out with "${label} false" below @ws.`
    : 'Run "arc init", which makes it, or say with "src" where it is.';
}

/** Where the pragma of a kind of functions stands, or `@tables`, whose `stream true` makes one; else the file's beginning. */
function placeOf({ text }: TextFile, kind: string) {
  const pragma = (name: string) => new RegExp(`^[ \\t]*(@${name}\\b|["']?${name}["']?[ \\t]*:)`, 'm').exec(text);
  const found = pragma(kind) ?? (kind === 'tables-streams' ? pragma('tables') : null);
  const start = found === null ? 0 : found.index + found[0].length - (found[1]?.length ?? 0);
  return { start, end: start + (found?.[1]?.length ?? 1) };
}

function broken(
  { message, file, line = 1, column = 1, text = '', length = 1 }: BuildProblem,
  doNot: string,
  manifest: TextFile,
) {
  const words = {
    code: 'BUILD_FAILED',
    message: `${doNot} not build: ${message}`,
    fix: message.startsWith('Could not resolve')
      ? 'Install the package, or mend the path.'
      : 'Mend the code from here on.',
  };
  if (file === undefined) return notRun(manifest, { start: 0, end: 1 }, words);
  return { ...notRun(manifest, { start: 0, end: 1 }, words), file, line, column, text, length };
}

function notRun(
  file: TextFile,
  place: { readonly start: number; readonly end: number },
  words: Pick<Words, 'code' | 'message' | 'fix'>,
) {
  return findingAt(file, place, { ...words, outcome: 'not-run', severity: 'error' });
}
