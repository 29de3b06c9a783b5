import { otherHandlerFile } from '@furrow/executor';
import type { App, FunctionDefinition } from '@furrow/manifest';
import { nodeTemplates, type LanguageTemplates } from './language-templates.ts';
import { pythonTemplates, requirementsTemplate } from './python-templates.ts';
import { browserModuleTemplate, endings, tsconfigTemplate, webSocketUrlTemplate, type Flavour } from './templates.ts';

/** A file to make. The path is relative to the project and uses `/`. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  /** What it is for, a few words. */
  readonly purpose: string;
}

const lifecycle: Readonly<Record<string, { purpose: string; name: 'connect' | 'default' | 'disconnect' }>> = {
  $connect: { purpose: 'may this client in?', name: 'connect' },
  $default: { purpose: 'a message', name: 'default' },
  $disconnect: { purpose: 'clean up', name: 'disconnect' },
};

/**
 * The files that an app's functions still need. Pure.
 *
 * @param missing the functions without a handler, of languages that have templates.
 * @param pageNeedsUrl whether a page that is there already asks for `./get-web-socket-url`.
 */
export function planFunctions(
  app: App,
  missing: readonly FunctionDefinition[],
  { flavour, pageNeedsUrl }: { readonly flavour: Flavour; readonly pageNeedsUrl: boolean },
): PlannedFile[] {
  const files = missing.map((definition) => planHandler(app, definition, flavour));
  if (missing.some(isPython)) {
    files.push({ path: 'requirements.txt', text: requirementsTemplate, purpose: 'for the Python of this machine' });
  }
  if (flavour === 'typescript' && missing.some(isNode)) {
    files.push({ path: 'tsconfig.json', text: tsconfigTemplate, purpose: 'types, with npm install -D @types/node' });
  }
  const page = app.functions.find((definition) => isPage(app, definition));
  if (page === undefined) return files;
  const isNew = missing.includes(page);
  return [...files, ...planPageFiles(app, page, { flavour, isNew, needsUrl: isNew || pageNeedsUrl })];
}

/** What the page of the document needs beside its handler. */
function planPageFiles(
  app: App,
  page: FunctionDefinition,
  { flavour, isNew, needsUrl }: { readonly flavour: Flavour; readonly isNew: boolean; readonly needsUrl: boolean },
): PlannedFile[] {
  const files: PlannedFile[] = [];
  if (isNode(page) && needsUrl) {
    const ending = isNew ? endings[flavour] : '.js';
    const text = webSocketUrlTemplate(isNew ? flavour : 'commonjs');
    files.push({ path: `${page.sourceDir}/get-web-socket-url${ending}`, text, purpose: "the socket's address" });
  }
  const isInside = !app.static.folder.startsWith('..');
  if (isNew && app.static.isServed && isInside) {
    files.push({ path: `${app.static.folder}/index.mjs`, text: browserModuleTemplate, purpose: 'its script' });
  }
  return files;
}

/** The page of the document: the root of an app with web sockets. */
export function isPage(app: App, { name }: FunctionDefinition): boolean {
  const root = app.http?.find(({ method, path }) => path === '/' && (method === 'get' || method === 'any'));
  return app.ws !== undefined && root?.functionName === name;
}

/** Whether its handler is one of those that `arc init` can write. */
export function hasTemplate(definition: FunctionDefinition): boolean {
  return isNode(definition) || isPython(definition);
}

function isNode({ settings }: FunctionDefinition): boolean {
  return settings.runtime.startsWith('nodejs');
}

function isPython({ settings }: FunctionDefinition): boolean {
  return settings.runtime.startsWith('python');
}

function planHandler(app: App, definition: FunctionDefinition, flavour: Flavour): PlannedFile {
  const { kind, label, sourceDir, settings } = definition;
  const templates = isPython(definition) ? pythonTemplates : nodeTemplates(flavour);
  const other = otherHandlerFile(settings.runtime, settings.handler);
  const path = `${sourceDir}/${other ?? handlerBase(definition) + endings[flavour]}`;
  if (kind === 'ws') return { path, ...planWs(app, definition, templates) };
  if (isPage(app, definition)) return { path, text: templates.page(), purpose: 'the page' };
  if (kind !== 'http') return { path, ...planBackground(app, definition, templates) };
  return { path, text: templates.http(label), purpose: label };
}

function planWs(app: App, { name }: FunctionDefinition, templates: LanguageTemplates): Omit<PlannedFile, 'path'> {
  if (name === app.authorizer?.functionName) return { text: templates.authorizer(), purpose: 'who is this?' };
  const routeKey = app.ws?.find(({ functionName }) => functionName === name)?.routeKey ?? name;
  const known = lifecycle[routeKey];
  if (known !== undefined) return { text: templates[known.name](), purpose: known.purpose };
  return { text: templates.customRoute(routeKey), purpose: `{"action": ${JSON.stringify(routeKey)}}` };
}

function planBackground(
  app: App,
  { kind, name }: FunctionDefinition,
  templates: LanguageTemplates,
): Omit<PlannedFile, 'path'> {
  const ownName = name.slice(name.indexOf('/') + 1);
  if (kind === 'events') return { text: templates.event(ownName), purpose: 'a message of the event' };
  if (kind === 'queues') return { text: templates.queue(ownName), purpose: 'a message of the queue' };
  const stream = app.tablesStreams.find(({ functionName }) => functionName === name);
  if (stream !== undefined) {
    const { tableName } = stream;
    return { text: templates.stream(ownName, tableName), purpose: `changes of ${tableName}` };
  }
  const { expression = '' } = app.scheduled.find(({ functionName }) => functionName === name) ?? {};
  return { text: templates.scheduled(ownName, expression), purpose: expression };
}

/** `index` of `index.handler`. */
function handlerBase({ settings }: FunctionDefinition): string {
  return settings.handler.slice(0, settings.handler.lastIndexOf('.'));
}
