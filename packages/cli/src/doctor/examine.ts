import { findPackage } from '@furrow/executor';
import { loadApp, type App, type Problem } from '@furrow/manifest';
import type { Finding, Project, Source } from './finding.ts';
import { parseSource } from './parse-source.ts';
import { readCode } from './project-files.ts';
import { rules } from './rules/all.ts';

/** What `arc doctor` knows of a project. */
export interface Diagnosis {
  /** `undefined` when the manifest is refused; then only its own problems are known. */
  readonly app: App | undefined;
  /** In the order of files and lines. */
  readonly findings: readonly Finding[];
}

/**
 * Reads a project and says what will not run, and what is likely to fail on AWS. Changes nothing and runs nothing.
 *
 * @throws {MANIFEST_MISSING} when the folder has no manifest.
 */
export async function examine(projectDir: string): Promise<Diagnosis> {
  const loaded = await loadApp(projectDir);
  const ofManifest = loaded.problems.map((problem) => fromManifest(problem));
  if (!loaded.ok) return { app: undefined, findings: ofManifest };
  const { app } = loaded;
  const sources = await readSources(projectDir, app);
  const project = { hasOwnLibrary: findPackage(projectDir, '@architect/functions') !== undefined };
  return { app, findings: [...ofManifest, ...checkSources(sources, project)] };
}

function fromManifest(problem: Problem): Finding {
  return { ...problem, outcome: 'not-run' };
}

async function readSources(projectDir: string, app: App): Promise<readonly Source[]> {
  const files = await readCode(projectDir, app);
  return files.flatMap((each) => {
    const nodes = parseSource(each.file, each.text);
    return nodes === undefined ? [] : [{ ...each, nodes }];
  });
}

function checkSources(sources: readonly Source[], project: Project): readonly Finding[] {
  return sources.flatMap((source) =>
    rules
      .flatMap((rule) => rule(source, project))
      .toSorted((one, other) => one.line - other.line || one.column - other.column),
  );
}
