import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findHandlerFile, otherHandlerFile } from '@furrow/executor';
import { describeProblems, loadApp, manifestInvalid, type App, type FunctionDefinition } from '@furrow/manifest';
import { isUserError } from '@furrow/protocol';
import type { Arguments, Command } from '../command.ts';
import { hasTemplate, isPage, planFunctions, type PlannedFile } from '../init/plan.ts';
import { gitignoreTemplate, manifestTemplate, packageTemplate, type Flavour } from '../init/templates.ts';
import { writeMissing } from '../init/write.ts';
import { projectFolder } from '../project-folder.ts';
import { greeting, isInstalled, version } from '../version.ts';
import type { World } from '../world.ts';

export const initCommand: Command = {
  name: 'init',
  parameters: '[folder]',
  aliases: ['create'],
  summary: 'Make the files that an app still lacks; change none',
  options: [
    { flag: '--esm', description: 'Write handlers as ES modules (index.mjs)' },
    { flag: '--typescript', description: 'Write handlers in TypeScript (index.ts)' },
  ],
  examples: ['arc init', 'arc init --typescript'],
  run,
};

async function run({ positional, options }: Arguments, world: World): Promise<number> {
  const projectDir = await projectFolder(world.cwd, positional[0]);
  const flavour: Flavour = options['typescript'] === true ? 'typescript' : options['esm'] === true ? 'esm' : 'commonjs';
  const started = await writeMissing(projectDir, await planProject(projectDir));
  const loaded = await loadApp(projectDir);
  if (!loaded.ok) throw manifestInvalid(loaded.problems);
  const { app, problems } = loaded;
  const without = await functionsWithoutHandler(app, projectDir);
  const missing = without.filter(hasTemplate);
  const pageNeedsUrl = await pageAsksForUrl(app, projectDir);
  const made = [
    ...started,
    ...(await writeMissing(projectDir, planFunctions(app, missing, { flavour, pageNeedsUrl }))),
  ];
  if (problems.length > 0) world.write(`${describeProblems(problems)}\n\n`);
  const left = without.filter((definition) => !hasTemplate(definition));
  world.write(describeMade({ app, made, left }, isInstalled() ? 'npx arc' : world.program));
  return 0;
}

/** What a folder without a manifest needs first: the document's own. */
async function planProject(projectDir: string): Promise<PlannedFile[]> {
  try {
    await loadApp(projectDir);
    return [];
  } catch (error) {
    if (!isUserError(error) || error.code !== 'MANIFEST_MISSING') throw error;
  }
  return [
    { path: 'app.arc', text: manifestTemplate, purpose: 'the app: its routes' },
    {
      path: 'package.json',
      text: packageTemplate('testapp', isInstalled() ? version() : undefined),
      purpose: 'npm start',
    },
    { path: '.gitignore', text: gitignoreTemplate, purpose: 'what git leaves out' },
  ];
}

async function functionsWithoutHandler(app: App, projectDir: string): Promise<FunctionDefinition[]> {
  const found = await Promise.all(app.functions.map((definition) => hasHandler(definition, projectDir)));
  return app.functions.filter((definition, index) => found[index] === false && isOurs(definition));
}

/** What a plugin brings along is its own, and what a function of its choice gets is known to it alone. */
function isOurs({ sourceDir, kind }: FunctionDefinition): boolean {
  const parts = sourceDir.split('/');
  return kind !== 'customLambdas' && parts[0] !== '..' && !parts.includes('node_modules');
}

async function hasHandler({ sourceDir, settings }: FunctionDefinition, projectDir: string): Promise<boolean> {
  const folder = join(projectDir, sourceDir);
  const other = otherHandlerFile(settings.runtime, settings.handler);
  if (other === undefined) return (await findHandlerFile(folder, settings.handler)) !== undefined;
  return access(join(folder, other)).then(
    () => true,
    () => false,
  );
}

/** The document's page requires a file that the document does not show. */
async function pageAsksForUrl(app: App, projectDir: string): Promise<boolean> {
  const page = app.functions.find((definition) => isPage(app, definition));
  const file = page && (await findHandlerFile(join(projectDir, page.sourceDir), page.settings.handler));
  if (page === undefined || file === undefined) return false;
  const isThere = await findHandlerFile(join(projectDir, page.sourceDir), 'get-web-socket-url.default');
  return isThere === undefined && (await readFile(file, 'utf8')).includes(`require('./get-web-socket-url')`);
}

interface Made {
  readonly app: App;
  readonly made: readonly PlannedFile[];
  /** Functions that still have no handler, for there is no template of their language. */
  readonly left: readonly FunctionDefinition[];
}

/** @param program how the command is called from here. */
function describeMade({ app, made, left }: Made, program: string): string {
  if (made.length + left.length === 0)
    return `Nothing to make: all ${app.functions.length} functions of ${app.file} have a handler.\n`;
  const lines = [
    ...made.map(({ path, purpose }) => ({ what: 'made', path, purpose })),
    ...left.map(({ sourceDir, settings }) => ({
      what: 'left',
      path: sourceDir,
      purpose: `no template for ${settings.runtime}: its handler is yours to write`,
    })),
  ];
  const width = Math.max(...lines.map(({ path }) => path.length)) + 2;
  const needsPython = made.some(({ path }) => path.endsWith('.py'));
  return [
    `${greeting()}  ${app.name}, from ${app.file}`,
    ...lines.map(({ what, path, purpose }) => `  ${what}  ${path.padEnd(width)} ${purpose}`),
    ...(needsPython ? ['First: python3 -m venv .venv && .venv/bin/pip install -r requirements.txt'] : []),
    `Next: ${program} sandbox`,
    '',
  ].join('\n');
}
