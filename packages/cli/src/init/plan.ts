import type { App, FunctionDefinition } from '@furrow/manifest';
import { eventTemplate, queueTemplate, scheduledTemplate, streamTemplate } from './background-templates.ts';
import {
  authorizerTemplate,
  browserModuleTemplate,
  connectTemplate,
  customRouteTemplate,
  defaultTemplate,
  disconnectTemplate,
  endings,
  httpTemplate,
  pageTemplate,
  tsconfigTemplate,
  webSocketUrlTemplate,
  type Flavour,
} from './templates.ts';

/** A file to make. The path is relative to the project and uses `/`. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  /** What it is for, a few words. */
  readonly purpose: string;
}

const lifecycle: Readonly<Record<string, { purpose: string; template: (flavour: Flavour) => string }>> = {
  $connect: { purpose: 'may this client in?', template: connectTemplate },
  $default: { purpose: 'a message', template: defaultTemplate },
  $disconnect: { purpose: 'clean up', template: disconnectTemplate },
};

/**
 * The files that an app's functions still need. Pure.
 *
 * @param missing the functions without a handler.
 * @param pageNeedsUrl whether a page that is there already asks for `./get-web-socket-url`.
 */
export function planFunctions(
  app: App,
  missing: readonly FunctionDefinition[],
  { flavour, pageNeedsUrl }: { readonly flavour: Flavour; readonly pageNeedsUrl: boolean },
): PlannedFile[] {
  const files = missing.map((definition) => planHandler(app, definition, flavour));
  const page = app.functions.find((definition) => isPage(app, definition));
  if (page === undefined) return files;
  const isNewPage = missing.includes(page);
  if (isNewPage || pageNeedsUrl) {
    const ending = isNewPage ? endings[flavour] : '.js';
    const text = webSocketUrlTemplate(isNewPage ? flavour : 'commonjs');
    files.push({ path: `${page.sourceDir}/get-web-socket-url${ending}`, text, purpose: "the socket's address" });
  }
  const isInside = !app.static.folder.startsWith('..');
  if (isNewPage && app.static.isServed && isInside) {
    files.push({ path: `${app.static.folder}/index.mjs`, text: browserModuleTemplate, purpose: 'its script' });
  }
  if (flavour === 'typescript' && missing.length > 0) {
    files.push({ path: 'tsconfig.json', text: tsconfigTemplate, purpose: 'types, with npm install -D @types/node' });
  }
  return files;
}

/** The page of the document: the root of an app with web sockets. */
export function isPage(app: App, { name }: FunctionDefinition): boolean {
  const root = app.http?.find(({ method, path }) => path === '/' && (method === 'get' || method === 'any'));
  return app.ws !== undefined && root?.functionName === name;
}

function planHandler(app: App, definition: FunctionDefinition, flavour: Flavour): PlannedFile {
  const path = `${definition.sourceDir}/${handlerBase(definition)}${endings[flavour]}`;
  if (definition.kind === 'ws') return { path, ...planWs(app, definition, flavour) };
  if (isPage(app, definition)) return { path, text: pageTemplate(flavour), purpose: 'the page' };
  if (definition.kind !== 'http') return { path, ...planBackground(app, definition, flavour) };
  return { path, text: httpTemplate(definition.label, flavour), purpose: definition.label };
}

function planWs(app: App, { name }: FunctionDefinition, flavour: Flavour): { text: string; purpose: string } {
  if (name === app.authorizer?.functionName) return { text: authorizerTemplate(flavour), purpose: 'who is this?' };
  const routeKey = app.ws?.find(({ functionName }) => functionName === name)?.routeKey ?? name;
  const known = lifecycle[routeKey];
  if (known !== undefined) return { text: known.template(flavour), purpose: known.purpose };
  return { text: customRouteTemplate(routeKey, flavour), purpose: `{"action": ${JSON.stringify(routeKey)}}` };
}

function planBackground(app: App, { kind, name }: FunctionDefinition, flavour: Flavour): Omit<PlannedFile, 'path'> {
  const ownName = name.slice(name.indexOf('/') + 1);
  if (kind === 'events') return { text: eventTemplate(ownName, flavour), purpose: 'a message of the event' };
  if (kind === 'queues') return { text: queueTemplate(ownName, flavour), purpose: 'a message of the queue' };
  const stream = app.tablesStreams.find(({ functionName }) => functionName === name);
  if (stream !== undefined) {
    const { tableName } = stream;
    return { text: streamTemplate(ownName, tableName, flavour), purpose: `changes of ${tableName}` };
  }
  const { expression = '' } = app.scheduled.find(({ functionName }) => functionName === name) ?? {};
  return { text: scheduledTemplate(ownName, expression, flavour), purpose: expression };
}

/** `index` of `index.handler`. */
function handlerBase({ settings }: FunctionDefinition): string {
  return settings.handler.slice(0, settings.handler.lastIndexOf('.'));
}
