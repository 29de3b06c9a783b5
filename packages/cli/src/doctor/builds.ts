import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { bundleFunction, handlerFileNames, otherHandlerFile, sharedFolders, type BuildProblem } from '@furrow/executor';
import type { App, FunctionDefinition } from '@furrow/manifest';
import { findingAt, type Finding, type TextFile, type Words } from './finding.ts';

/** Builds every function as a deploy does, keeps nothing, and says which do not build. */
export async function buildFindings(projectDir: string, app: App, manifest: TextFile): Promise<readonly Finding[]> {
  const found = await Promise.all(app.functions.map((each) => buildOne(projectDir, app, each, manifest)));
  // Shared code is built into several functions.
  const byPlace = new Map(
    found.flat().map((each) => [`${each.file}:${each.line}:${each.column} ${each.message}`, each]),
  );
  return [...byPlace.values()];
}

async function buildOne(
  projectDir: string,
  app: App,
  { kind, label, settings, sourceDir }: FunctionDefinition,
  manifest: TextFile,
): Promise<readonly Finding[]> {
  const { runtime, handler, external } = settings;
  if (!runtime.startsWith('nodejs')) {
    const file = otherHandlerFile(runtime, handler);
    const isThere = file === undefined || existsSync(join(projectDir, sourceDir, file));
    return isThere ? [] : [handlerMissing(manifest, { kind, label, looked: file, sourceDir })];
  }
  const folders = { shared: app.sharedFolder, views: app.viewsFolder };
  const shared = sharedFolders(projectDir, folders, settings);
  const target = { kind, sourceDir: join(projectDir, sourceDir), handler, external, shared };
  const built = await bundleFunction(target, { projectDir, outDir: projectDir, isShipped: true });
  if (built.type === 'missing') {
    return [handlerMissing(manifest, { kind, label, looked: handlerFileNames(handler).join(', '), sourceDir })];
  }
  if (built.type === 'broken') return built.problems.map((problem) => broken(problem, label, manifest));
  const { missingExport } = built.bundle;
  if (missingExport === undefined) return [];
  const file = relative(projectDir, missingExport.handlerFile).replaceAll(sep, '/');
  const text = await readFile(missingExport.handlerFile, 'utf8');
  return [
    notRun(
      { file, text },
      { start: 0, end: 1 },
      {
        code: 'HANDLER_MISSING',
        message: `${file} has no export "${missingExport.exportName}".`,
        fix: `Export the handler of "${label}" by that name.`,
      },
    ),
  ];
}

/** Functions that an app may be without. */
const optional = new Set(['connect', 'default', 'disconnect']);

function handlerMissing(
  manifest: TextFile,
  of: { readonly kind: string; readonly label: string; readonly looked: string; readonly sourceDir: string },
): Finding {
  return notRun(manifest, placeOf(manifest, of.kind), {
    code: 'HANDLER_MISSING',
    message: `"${of.label}" has no handler: looked for ${of.looked} in ${of.sourceDir}.`,
    fix: optional.has(of.label)
      ? `Run "arc init", which makes it, or leave it out with "${of.label} false" below @ws.`
      : 'Run "arc init", which makes it, or say with "src" where it is.',
  });
}

/** Where the pragma of a kind of functions stands; the beginning of a file that does not say it. */
function placeOf({ text }: TextFile, kind: string) {
  const found = new RegExp(`^[ \\t]*(@${kind}\\b|["']?${kind}["']?[ \\t]*:)`, 'm').exec(text);
  const start = found === null ? 0 : found.index + found[0].length - (found[1]?.length ?? 0);
  return { start, end: start + (found?.[1]?.length ?? 1) };
}

function broken(
  { message, file, line = 1, column = 1, text = '', length = 1 }: BuildProblem,
  label: string,
  manifest: TextFile,
) {
  const words = {
    code: 'BUILD_FAILED',
    message: `"${label}" does not build: ${message}`,
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
