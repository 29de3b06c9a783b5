import type { App } from '@furrow/manifest';
import { logicalId } from '@furrow/manifest';
import { apiPath } from './http-routes.ts';
import { tableKey } from './logical-ids.ts';
import { parseTemplate, record, text, type Json } from './read-template.ts';
import type { Adopted } from './template.ts';

/** Who made a stack, and for which app, as far as its template tells. */
export interface StackOwner {
  readonly maker: 'furrow' | 'architect' | 'foreign';
  readonly app: string | undefined;
}

/** Reads from a deployed template who made its stack. Pure; a text that is no JSON is somebody else's. */
export function stackOwner(templateText: string): StackOwner {
  const template = parseTemplate(templateText);
  const furrow = record(record(template['Metadata'])['Furrow']);
  if (typeof furrow['app'] === 'string') return { maker: 'furrow', app: furrow['app'] };
  const functions = Object.values(record(template['Resources'])).map(record).filter(isSamFunction);
  const names = functions.map(
    (each) => record(record(record(each['Properties'])['Environment'])['Variables'])['ARC_APP_NAME'],
  );
  const app = names.find((name) => typeof name === 'string');
  const isArchitect =
    app !== undefined ||
    functions.some((each) => 'ArcMetadata' in each) ||
    text(template['Description']).startsWith('Exported by architect/package');
  return { maker: isArchitect ? 'architect' : 'foreign', app };
}

/**
 * What a deployed template has settled for an app: ids that must stay, so that APIs, functions and tables are updated
 * and not replaced. Reads our own templates and those that Architect gives to SAM. Pure.
 */
export function adoptedFrom(deployedTemplateText: string | undefined, app: App): Adopted {
  const resources = record(parseTemplate(deployedTemplateText ?? '{}')['Resources']);
  const found = Object.entries(resources).flatMap(([id, resource]) => keysOf(id, record(resource), resources, app));
  const known = new Set([...app.functions.map(({ name }) => name), ...app.tables.map(({ name }) => tableKey(name))]);
  const api = record(resources['HTTP']);
  return {
    ids: new Map(found.filter(([name, id]) => known.has(name) && /^[a-zA-Z0-9]+$/.test(id))),
    hasOpenApi: api['Type'] === 'AWS::Serverless::HttpApi' || 'Body' in record(api['Properties']),
  };
}

/** Which function or table a resource is, and the id without its ending. */
function keysOf(id: string, resource: Json, resources: Json, app: App): readonly (readonly [string, string])[] {
  const own = record(record(resource['Metadata'])['Furrow']);
  const [, base = '', ending = ''] =
    /^(.+?)(WSLambda|HTTPLambda|EventLambda|QueueLambda|ScheduledLambda|Table)$/.exec(id) ?? [];
  if (base === '') return [];
  if (own['part'] === 'function') return [[text(own['name']), base]];
  if (own['part'] === 'table') return [[tableKey(text(own['name'])), base]];
  if (ending === 'Table') return foreignTable(base, resource, resources, app);
  if (!isSamFunction(resource)) return [];
  return functionsOf(base, ending, resources, app).map((name) => [name, base]);
}

/** The app's functions that one of SAM's is, by the ending of its id. */
function functionsOf(base: string, ending: string, resources: Json, app: App): readonly string[] {
  if (ending === 'WSLambda') return wsFunctions(base, resources, app);
  if (ending === 'HTTPLambda') return httpFunctions(record(resources[`${base}${ending}`]), app);
  const parameters = { EventLambda: `${base}EventTopicParam`, QueueLambda: `${base}QueueParam` };
  const kinds = { EventLambda: 'events', QueueLambda: 'queues', ScheduledLambda: 'scheduled' } as const;
  if (ending !== 'EventLambda' && ending !== 'QueueLambda' && ending !== 'ScheduledLambda') return [];
  const said = ending === 'ScheduledLambda' ? '' : parameterName(resources[parameters[ending]]);
  return app[kinds[ending]]
    .filter(({ name }) => (said === '' ? logicalId(name) === base : said.endsWith(`/${kinds[ending]}/${name}`)))
    .slice(0, 1)
    .map(({ functionName }) => functionName);
}

/** Architect's routes stand beside their functions, under the same id. */
function wsFunctions(base: string, resources: Json, app: App): readonly string[] {
  const { RouteKey } = record(record(resources[`${base}WSRoute`])['Properties']);
  return (app.ws ?? []).filter(({ routeKey }) => routeKey === RouteKey).map(({ functionName }) => functionName);
}

/** SAM's functions name their requests themselves. */
function httpFunctions(resource: Json, app: App): readonly string[] {
  const events = Object.values(record(record(resource['Properties'])['Events'])).map((event) =>
    record(record(event)['Properties']),
  );
  return (app.http ?? [])
    .filter(({ method, path }) =>
      events.some(
        ({ Method, Path }) => text(Method).toLowerCase() === method && sameRequest(text(Path), apiPath(path)),
      ),
    )
    .map(({ functionName }) => functionName);
}

/** Names of parameters do not tell requests apart. */
function sameRequest(one: string, other: string): boolean {
  const [first, second] = [one, other].map((path) => path.replaceAll(/\{[^}+]+\}/g, '{}'));
  return first === second;
}

/** A parameter of the same id says what a table is called; without it, its name does. */
function foreignTable(base: string, resource: Json, resources: Json, app: App): readonly (readonly [string, string])[] {
  if (resource['Type'] !== 'AWS::DynamoDB::Table') return [];
  const name = parameterName(resources[`${base}Param`]);
  const said = app.tables.filter((table) => name.endsWith(`/tables/${table.name}`));
  const guessed = app.tables.filter((table) => name === '' && logicalId(table.name) === base);
  return [...said, ...guessed.slice(0, 1)].map((table) => [tableKey(table.name), base]);
}

function parameterName(resource: unknown): string {
  return substituted(record(record(resource)['Properties'])['Name']);
}

/** The text of an `Fn::Sub`, its own variables put in. */
function substituted(value: unknown): string {
  const sub = record(value)['Fn::Sub'];
  const [pattern, variables] = Array.isArray(sub) ? [sub[0], record(sub[1])] : [sub, {}];
  return text(pattern).replaceAll(/\$\{(\w+)\}/g, (_written, name: string) => text(record(variables)[name]));
}

function isSamFunction(resource: Json): boolean {
  return resource['Type'] === 'AWS::Serverless::Function';
}
