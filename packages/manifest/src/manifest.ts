import type { App, FunctionSettings, Problem } from './app.ts';
import { faults } from './errors.ts';
import { pragmasFromData, selectKey } from './from-data.ts';
import {
  checkQueues,
  createApp,
  interpretConfig,
  interpretPragmas,
  type Draft,
  type FolderFacts,
} from './interpret.ts';
import { parseJson } from './json.ts';
import { withoutMark } from './lines.ts';
import { parseArc } from './parse.ts';
import type { Additions } from './plugins/additions.ts';
import { createProblems, type Checked } from './problems.ts';
import { createReport, type Report } from './report.ts';
import type { Place, Pragma } from './tree.ts';

/** What became of a manifest: an app with at most warnings, or the problems that refuse it, and what is left without them. */
export type ReadManifest =
  | { readonly ok: true; readonly app: App; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly partial: App };

/** A text that was found, and the files next to it that were passed over for it. */
export interface ManifestText {
  /** Relative to the project. Its ending says how to read it. */
  readonly file: string;
  readonly text: string;
  readonly ignored?: readonly string[];
}

/** The config file of the functions that live in `sourceDir`. */
export interface ConfigText extends ManifestText {
  readonly sourceDir: string;
}

/** A manifest whose functions are known, and not yet their config files. */
export interface DraftManifest {
  readonly checked: Checked;
  readonly draft: Draft;
}

const start: Place = { line: 1, column: 1, length: 0 };

/**
 * Reads a manifest and the config files of its functions from their texts. Touches no file.
 *
 * Every problem of every text is reported, at most 50 and a count. Never rejects because of what a text holds.
 */
export async function interpretManifest(
  manifest: ManifestText & { readonly configs?: readonly ConfigText[] },
): Promise<ReadManifest> {
  return finishManifest(await draftManifest(manifest), manifest.configs ?? []);
}

/**
 * The first half of `interpretManifest`: enough to know where the functions live.
 *
 * @param extend what plugins make of the pragmas. A text that could not be read whole is not shown to it.
 */
export async function draftManifest(
  manifest: ManifestText,
  extend?: (pragmas: readonly Pragma[], report: Report) => Promise<Additions | undefined>,
): Promise<DraftManifest> {
  const { checked, pragmas } = await readPragmas(manifest);
  const { report } = checked;
  const isEmpty = pragmas.length === 0 && !report.hasErrors;
  if (isEmpty) report.add(faults.manifestEmpty(start));
  // A text without any pragma has no name either, which would be a second word for the same problem.
  const isWhole = pragmas.length > 0 && !report.hasErrors;
  const additions = isWhole ? await extend?.(pragmas, report) : undefined;
  const draft = interpretPragmas(pragmas, pragmas.length === 0 ? createReport() : report, additions);
  return { checked, draft };
}

/**
 * The second half: settings of functions, and the verdict.
 *
 * @param names the files in folders of functions, by the folders.
 */
export async function finishManifest(
  manifest: DraftManifest,
  configs: readonly ConfigText[],
  names: FolderFacts['names'] = new Map(),
): Promise<ReadManifest> {
  const { draft } = manifest;
  const checked: Checked[] = [manifest.checked];
  const settings = new Map<string, Partial<FunctionSettings>>();
  for (const config of configs) {
    // One after the other: almost every app has none or a few.
    // oxlint-disable-next-line no-await-in-loop
    const read = await readPragmas(config);
    checked.push(read.checked);
    const { sourceDir } = config;
    settings.set(sourceDir, interpretConfig(read.pragmas, { draft, sourceDir }, read.checked.report));
  }
  checkQueues(draft, settings, manifest.checked.report);
  const problems = createProblems(checked);
  const app = createApp(draft, manifest.checked.file, { configs: settings, names });
  return checked.some(({ report }) => report.hasErrors)
    ? { ok: false, problems, partial: app }
    : { ok: true, app, problems };
}

async function readPragmas(
  manifest: ManifestText,
): Promise<{ readonly checked: Checked; readonly pragmas: readonly Pragma[] }> {
  const { file, ignored = [] } = manifest;
  const text = withoutMark(manifest.text);
  const report = createReport();
  if (ignored.length > 0) report.add(faults.manifestIgnored(start, ignored));
  return { checked: { file, text, report }, pragmas: await parse(file, text, report) };
}

async function parse(file: string, text: string, report: Report): Promise<readonly Pragma[]> {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (name === 'package.json') {
    return pragmasFromData(selectKey(parseJson(text, report), packageKeys, report), report);
  }
  if (name.endsWith('.json')) return pragmasFromData(parseJson(text, report), report);
  if (!/\.ya?ml$/.test(name)) return parseArc(text, report);
  // Only those who write YAML wait for its parser.
  const { parseYaml } = await import('./yaml.ts');
  return pragmasFromData(parseYaml(text, report), report);
}

/** The keys of package.json that may hold a manifest; the first wins. */
export const packageKeys = ['arc', 'architect'] as const;
