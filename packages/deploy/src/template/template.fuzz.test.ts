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

const routeSetting = fc.constantFrom(
  'routeResponse true',
  'routeResponse false',
  'throttlingRateLimit 2.5',
  'throttlingRateLimit 0',
  'throttlingBurstLimit 7',
);

interface Draft {
  /** Identity sources; `null` without an authorizer. */
  readonly authorizer: readonly string[] | null;
  /** Lifecycle handlers that the app does without, of those that it may. */
  readonly off: readonly string[];
  readonly stageVariables: readonly string[];
  readonly routeSettings: readonly string[];
  /** Of each route by its place, in a config file. */
  readonly ownRouteSettings: readonly (readonly string[])[];
  readonly ws: readonly string[] | null;
  readonly http: readonly string[] | null;
  readonly isStatic: boolean;
  readonly tables: readonly string[];
  readonly settings: readonly string[];
  readonly variables: readonly string[];
  readonly hasOpenApi: boolean;
}

const oneOfEach = (lines: fc.Arbitrary<string>) =>
  fc.uniqueArray(lines, { maxLength: 3, selector: (line) => line.split(' ')[0] });

const draft: fc.Arbitrary<Draft> = fc.record({
  authorizer: fc.option(fc.subarray(['route.request.header.a', 'route.request.querystring.b', 'context.stage'])),
  off: fc.subarray(['connect', 'default', 'disconnect']),
  stageVariables: fc.uniqueArray(fc.stringMatching(/^[abAB_0]{1,3}$/), { maxLength: 3 }),
  routeSettings: oneOfEach(routeSetting),
  ownRouteSettings: fc.array(oneOfEach(routeSetting), { maxLength: 4 }),
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

function lifecycle({ authorizer, off, ws }: Draft): readonly string[] {
  // One route has to be left, and an authorizer has its $connect.
  const mayGo = off
    .slice(0, (ws ?? []).length === 0 ? 2 : 3)
    .filter((name) => authorizer === null || name !== 'connect');
  const asked = authorizer === null ? [] : ['connect', '  authorizer', ...authorizer.map((source) => `    ${source}`)];
  return [...asked, ...mayGo.map((name) => `${name} false`)];
}

/** A manifest in which each route has a folder of its own, so that no two are in each other's way. */
function manifestOf(each: Draft): string {
  const { ws, http, isStatic, tables, settings } = each;
  return [
    '@app',
    'testapp',
    ...(ws === null ? [] : ['@ws', ...lifecycle(each), ...withFolders(ws, 'ws')]),
    ...(ws === null ? [] : ['@stage-variables', ...each.stageVariables.map((name) => `${name} x`)]),
    ...(http === null ? [] : ['@http', ...withFolders(http, 'http')]),
    '@static',
    String(isStatic),
    '@tables',
    ...tables.flatMap((name) => [name, '  id *String', '  at **Number']),
    '@indexes',
    ...tables.slice(0, 1).flatMap((name) => [name, '  at *Number']),
    '@aws',
    ...settings,
    ...each.routeSettings,
  ].join('\n');
}

async function read(each: Draft): Promise<App> {
  const configs = each.ownRouteSettings.slice(0, each.ws?.length ?? 0).map((lines, index) => ({
    sourceDir: `lib/ws${index}`,
    file: `lib/ws${index}/config.arc`,
    text: ['@aws', ...lines].join('\n'),
  }));
  const found = await interpretManifest({ file: 'app.arc', text: manifestOf(each), configs });
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

/** The routes of the web socket, with the settings of their functions. */
function routesOf({ ws = [], functions }: App) {
  return ws.flatMap(({ routeKey, functionName }) =>
    functions.filter(({ name }) => name === functionName).map(({ settings }) => ({ routeKey, settings })),
  );
}

function throttleOf({ throttlingRateLimit, throttlingBurstLimit }: App['routeThrottle']) {
  return {
    ThrottlingRateLimit: throttlingRateLimit ?? 10_000,
    ThrottlingBurstLimit: throttlingBurstLimit ?? 5000,
    DataTraceEnabled: false,
  };
}

/** What a route says of who may come: nothing, but for `$connect`. */
function access({ authorizer }: App, routeKey: string): readonly unknown[] {
  if (routeKey !== '$connect') return [undefined, undefined];
  return authorizer === undefined ? ['NONE', undefined] : ['CUSTOM', { Ref: 'WebsocketAuthorizer' }];
}

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
      for (const { id, properties } of resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer')) {
        const invoked = /functions\/\$\{(\w+)/.exec(textOf(properties['AuthorizerUri']))?.[1];
        invokers.push(`\${WS}/authorizers/\${${id}} ${JSON.stringify({ Ref: invoked })}`);
      }
      const expected = each.hasOpenApi ? permissions.filter((line) => line.startsWith('${WS}')) : permissions;
      expect(invokers.toSorted()).toEqual(expected.toSorted());
      expect(new Set(permissions).size).toBe(permissions.length);
    });
  });

  test('has on each route of the web socket what the manifest says of it, and nothing else', async () => {
    await property(async (each) => {
      const [app, template] = [await read(each), await create(each)];
      const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route');
      const responses = resourcesOf(template, 'AWS::ApiGatewayV2::RouteResponse').map(({ properties }) => properties);
      for (const { routeKey, settings } of routesOf(app)) {
        const { id = '', properties = {} } = routes.find((route) => route.properties['RouteKey'] === routeKey) ?? {};
        const answer = { ApiId: { Ref: 'WS' }, RouteId: { Ref: id }, RouteResponseKey: '$default' };
        const { RouteResponseSelectionExpression, AuthorizationType, AuthorizerId } = properties;
        expect(responses.filter((response) => referencesIn(response).includes(id))).toEqual(
          settings.routeResponse ? [answer] : [],
        );
        expect(RouteResponseSelectionExpression).toBe(settings.routeResponse ? '$default' : undefined);
        expect([AuthorizationType, AuthorizerId]).toEqual(access(app, routeKey));
      }
    });
  });

  test('has the authorizer that it declares', async () => {
    await property(async (each) => {
      const sources = resourcesOf(await create(each), 'AWS::ApiGatewayV2::Authorizer').map(
        ({ properties }) => properties['IdentitySource'],
      );
      const { authorizer } = await read(each);
      expect(sources).toEqual(authorizer === undefined ? [] : [authorizer.identitySources]);
    });
  });

  test('has a stage that throttles each route as the manifest says', async () => {
    await property(async (each) => {
      const [app, template] = [await read(each), await create(each)];
      const stages = resourcesOf(template, 'AWS::ApiGatewayV2::Stage').filter(({ id }) => id === 'WebsocketStage');
      expect(stages).toHaveLength(app.ws === undefined ? 0 : 1);
      for (const { properties } of stages) {
        const { DefaultRouteSettings, RouteSettings = {}, StageVariables = {} } = properties;
        const own = new Map(Object.entries(RouteSettings));
        for (const { routeKey, settings } of routesOf(app)) {
          expect(own.get(routeKey) ?? DefaultRouteSettings).toEqual(throttleOf(settings));
          own.delete(routeKey);
        }
        expect([...own.keys()]).toEqual([]);
        expect(StageVariables).toEqual(app.stageVariables);
      }
    });
  });

  test('keeps every id when something is added, and none when it is deployed again', async () => {
    await property(async (draw) => {
      // One lifecycle route is there also when there is no other.
      const each = { ...draw, off: draw.off.slice(0, 2) };
      const less: Draft = {
        ...each,
        ownRouteSettings: each.ownRouteSettings.slice(1),
        ws: each.ws?.slice(1) ?? null,
        http: each.http?.slice(1) ?? null,
        tables: each.tables.slice(1),
      };
      const [small, large] = [await create(less), await create(each)];
      const lasting = Object.entries(small.Resources).filter(([, { Type }]) => !/Deployment|Version$/.test(Type));
      for (const [id, { Type, Metadata }] of lasting) {
        // The pages of the files give way to those of the app.
        if (/^Static(?:Index|Root)/.test(id)) continue;
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
