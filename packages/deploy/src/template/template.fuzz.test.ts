import * as fc from 'fast-check';
import { interpretManifest, type App } from '@furrow/manifest';
import { describe, expect, test } from 'vitest';
import { inputOf, referencesIn, resourcesOf, textOf } from '../../test/support/template-input.ts';
import { adoptedFrom } from './adopted.ts';
import { createTemplate, templateText } from './create-template.ts';
import { templateFaults } from './limits.ts';
import type { Template } from './template.ts';

const runs = { numRuns: 300, seed: 20_261_124 };

/** Few letters, so that spellings meet. */
const wsName = fc
  .stringMatching(/^[abAB01./_-]{1,5}$/)
  .filter((name) => name.split('/').every((part) => part !== '' && part !== '.' && part !== '..'));
const part = fc.oneof(
  fc.stringMatching(/^[abA0][abA0._-]{0,3}$/).filter((text) => !/[-._]$/.test(text)),
  fc.constantFrom(':a', ':b', ':a000b', 'index', 'catchall', '000a'),
);
const path = fc
  .tuple(fc.array(part, { maxLength: 3 }), fc.boolean())
  .map(([parts, isGreedy]) => `/${[...parts, ...(isGreedy ? ['*'] : [])].join('/')}`);
const method = fc.constantFrom('get', 'post', 'put', 'patch', 'delete', 'options', 'head', 'any');
const tableName = fc.oneof(
  fc.stringMatching(/^[abA1._-]{3,5}$/),
  fc.constantFrom('static-bucket', 'static-fingerprint', 'websocket-wss', 'websocket-https'),
);
const setting = fc.constantFrom(
  'memory 256',
  'timeout 60',
  'runtime python3.13',
  'concurrency 3',
  'provisionedConcurrency 2',
  'policies AmazonS3ReadOnlyAccess',
  'autoDeploy true',
  'logRetention 1',
);

interface Draft {
  readonly ws: readonly string[] | null;
  readonly http: readonly string[] | null;
  readonly isStatic: boolean;
  readonly tables: readonly string[];
  readonly settings: readonly string[];
  readonly variables: readonly string[];
  readonly hasOpenApi: boolean;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  ws: fc.option(fc.uniqueArray(wsName, { maxLength: 6 })),
  http: fc.option(
    fc.uniqueArray(
      fc.tuple(method, path).map((words) => words.join(' ')),
      { maxLength: 6, selector: (route) => route.replaceAll(/:[^/]+/g, ':') },
    ),
  ),
  isStatic: fc.boolean(),
  tables: fc.uniqueArray(tableName, { maxLength: 4 }),
  settings: fc.uniqueArray(setting, { maxLength: 3 }),
  variables: fc.uniqueArray(fc.stringMatching(/^[abAB][abAB0_]{1,4}$/), { maxLength: 4 }),
  hasOpenApi: fc.boolean(),
});

function withFolders(routes: readonly string[], kind: string): readonly string[] {
  return routes.flatMap((route, index) => [route, `  src lib/${kind}${index}`]);
}

/** A manifest in which each route has a folder of its own, so that no two are in each other's way. */
function manifestOf({ ws, http, isStatic, tables, settings }: Draft): string {
  return [
    '@app',
    'testapp',
    ...(ws === null ? [] : ['@ws', ...withFolders(ws, 'ws')]),
    ...(http === null ? [] : ['@http', ...withFolders(http, 'http')]),
    '@static',
    String(isStatic),
    '@tables',
    ...tables.flatMap((name) => [name, '  id *String', '  at **Number']),
    '@indexes',
    ...tables.slice(0, 1).flatMap((name) => [name, '  at *Number']),
    '@aws',
    ...settings,
  ].join('\n');
}

async function read(each: Draft): Promise<App> {
  const found = await interpretManifest({ file: 'app.arc', text: manifestOf(each) });
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.app;
}

async function create(each: Draft): Promise<Template> {
  const { variables, hasOpenApi } = each;
  return createTemplate(inputOf(await read(each), { variables, adopted: { ids: new Map(), hasOpenApi } }));
}

/** A way from a resource back to itself, if there is one. */
function cycleIn(template: Template): readonly string[] | undefined {
  const edges = new Map(
    Object.entries(template.Resources).map(([id, { Properties, DependsOn = [] }]) => [
      id,
      [...referencesIn(Properties), ...DependsOn],
    ]),
  );
  const finished = new Set<string>();
  const visit = (id: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(id)) return [...way, id];
    if (finished.has(id)) return undefined;
    for (const next of edges.get(id) ?? []) {
      const cycle = visit(next, [...way, id]);
      if (cycle !== undefined) return cycle;
    }
    finished.add(id);
    return undefined;
  };
  return [...edges.keys()].map((id) => visit(id, [])).find((cycle) => cycle !== undefined);
}

const property = (check: (each: Draft) => Promise<void>) => fc.assert(fc.asyncProperty(draft, check), runs);

describe('any app', () => {
  test('gives a template whose references lead somewhere, and never in a circle', async () => {
    await property(async (each) => {
      const template = await create(each);
      const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
      const used = [
        ...referencesIn(template.Resources),
        ...referencesIn(template.Outputs),
        ...Object.values(template.Resources).flatMap(({ DependsOn = [] }) => DependsOn),
      ];
      expect(used.filter((name) => !known.has(name) && !name.startsWith('AWS::'))).toEqual([]);
      expect(cycleIn(template)).toBeUndefined();
    });
  });

  test('has ids that CloudFormation takes, and fits', async () => {
    await property(async (each) => {
      const template = await create(each);
      const ids = [...Object.keys(template.Resources), ...Object.keys(template.Parameters)];
      for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9]{1,255}$/);
      expect(new Set(ids).size).toBe(ids.length);
      expect(Object.keys(template.Parameters)).toHaveLength(each.variables.length + 1);
      expect(templateFaults(template)).toEqual([]);
    });
  });

  test('has every function, table and route it declares', async () => {
    await property(async (each) => {
      const [app, template] = [await read(each), await create(each)];
      const count = (type: string) => resourcesOf(template, type).length;
      expect(count('AWS::Lambda::Function')).toBe(app.functions.length + (each.isStatic ? 1 : 0));
      expect(count('AWS::Logs::LogGroup')).toBe(count('AWS::Lambda::Function'));
      expect(count('AWS::DynamoDB::Table')).toBe(each.tables.length);
      const keys = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(({ properties }) => properties['RouteKey']);
      expect(keys).toEqual(expect.arrayContaining((app.ws ?? []).map(({ routeKey }) => routeKey)));
      const pages = each.hasOpenApi ? 0 : (app.http ?? []).length;
      expect(keys.length).toBeGreaterThanOrEqual((app.ws ?? []).length + pages);
    });
  });

  test('lets each route invoke its function, and nothing else', async () => {
    await property(async (each) => {
      const template = await create(each);
      const permissions = resourcesOf(template, 'AWS::Lambda::Permission').map(({ properties }) => {
        const arn = textOf(properties['SourceArn']).split(':').at(-1) ?? '';
        return `${arn} ${JSON.stringify(properties['FunctionName'])}`;
      });
      const invokers = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(({ properties }) => {
        const integration = referencesIn(properties['Target'])[0] ?? '';
        const uri = textOf(template.Resources[integration]?.Properties?.['IntegrationUri']);
        const invoked = /functions\/\$\{(\w+)/.exec(uri)?.[1];
        const [first = '', second] = JSON.stringify(properties['RouteKey']).slice(1, -1).split(' ');
        const ofPage = `*/${first === 'ANY' ? '*' : first}${second?.replaceAll(/\{[^}]+\}/g, '*')}`;
        const tail = second === undefined ? `staging/${first}` : ofPage;
        return `\${${second === undefined ? 'WS' : 'HTTP'}}/${tail} ${JSON.stringify({ Ref: invoked })}`;
      });
      const expected = each.hasOpenApi ? permissions.filter((line) => line.startsWith('${WS}')) : permissions;
      expect(invokers.toSorted()).toEqual(expected.toSorted());
      expect(new Set(permissions).size).toBe(permissions.length);
    });
  });

  test('keeps every id when something is added, and none when it is deployed again', async () => {
    await property(async (each) => {
      const less: Draft = {
        ...each,
        ws: each.ws?.slice(1) ?? null,
        http: each.http?.slice(1) ?? null,
        tables: each.tables.slice(1),
      };
      const [small, large] = [await create(less), await create(each)];
      const lasting = Object.entries(small.Resources).filter(([, { Type }]) => !/Deployment|Version$/.test(Type));
      for (const [id, { Type, Metadata }] of lasting) {
        // The page of the files gives way to one of the app.
        if (id.startsWith('StaticIndex')) continue;
        expect(large.Resources[id], id).toMatchObject({ Type, Metadata });
      }
      const adopted = adoptedFrom(templateText(small), await read(each));
      const again = createTemplate(inputOf(await read(each), { variables: each.variables, adopted }));
      expect(Object.keys(again.Resources).toSorted()).toEqual(
        Object.keys(each.hasOpenApi === adopted.hasOpenApi ? large.Resources : again.Resources).toSorted(),
      );
    });
  });

  test('has another deployment for other routes', async () => {
    await property(async (each) => {
      const ws = each.ws ?? [];
      const more = ws.includes('more') ? ws : [...ws, 'more'];
      const settings = each.settings.filter((line) => line !== 'autoDeploy true');
      const [one, other] = await Promise.all([
        create({ ...each, ws, settings }),
        create({ ...each, ws: more, settings }),
      ]);
      const deployments = [one, other].map((template) => resourcesOf(template, 'AWS::ApiGatewayV2::Deployment')[0]?.id);
      expect(deployments[0]).not.toBe(deployments[1]);
    });
  });
});
