import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { handlerEnvironment, sharedFolders, type EnvironmentFacts, type RunnableFunction } from '@furrow/executor';
import type { Routes, Throttle, WsRoute } from '@furrow/gateway';
import type { App, FunctionSettings } from '@furrow/manifest';

/** Most environments of one function on one machine, however slow its handlers are. */
const maxLocalEnvironments = 50;
/** What an account may do each second, and at once (fact E15): what a throttle has where it says only one of the two. */
const accountThrottle: Throttle = { ratePerSecond: 10_000, burst: 5000 };

/** The functions of an app as the executor runs them. */
export function runnableFunctions(app: App, projectDir: string, facts: EnvironmentFacts): RunnableFunction[] {
  const folders = { shared: app.sharedFolder, views: app.viewsFolder };
  return app.functions.map(({ name, kind, label, sourceDir, settings }) => ({
    name,
    kind,
    label,
    sourceDir: resolve(projectDir, sourceDir),
    handler: settings.handler,
    runtime: settings.runtime,
    command: settings.command,
    external: settings.external,
    shared: sharedFolders(projectDir, folders, settings),
    timeoutMs: settings.timeout * 1000,
    memoryMegabytes: settings.memory,
    maxEnvironments: Math.min(settings.concurrency ?? maxLocalEnvironments, maxLocalEnvironments),
    reservedConcurrency: settings.concurrency,
    environmentConcurrency: settings['environment-concurrency'],
    env: handlerEnvironment(facts, {
      name,
      memoryMegabytes: settings.memory,
      runtime: settings.runtime,
      handler: settings.handler,
      environmentConcurrency: settings['environment-concurrency'],
      hasOwnVariables: settings.env,
    }),
  }));
}

/** The routes of an app as the gateway serves them. */
export function appRoutes(app: App, projectDir: string): Routes {
  const settingsOf = new Map(app.functions.map(({ name, settings }) => [name, settings]));
  return {
    ws: app.ws?.map((route) => ({ ...route, ...routeSettings(settingsOf.get(route.functionName)) })),
    routeSelectionExpression: app.routeSelectionExpression,
    authorizer: app.authorizer,
    stageVariables: app.stageVariables,
    http: app.http ?? [],
    staticFolder: app.static.isServed ? join(projectDir, app.static.folder) : undefined,
    staticRules: { prefix: app.static.prefix, ignore: app.static.ignore, isSinglePage: app.static.spa },
  };
}

/** What the settings of its function say of a web socket route. Without a throttle of its own there is none here. */
function routeSettings(settings: FunctionSettings | undefined): Pick<WsRoute, 'hasRouteResponse' | 'throttle'> {
  const { routeResponse = false, throttlingRateLimit: rate, throttlingBurstLimit: burst } = settings ?? {};
  return {
    hasRouteResponse: routeResponse,
    throttle:
      rate === undefined && burst === undefined
        ? undefined
        : { ratePerSecond: rate ?? accountThrottle.ratePerSecond, burst: burst ?? accountThrottle.burst },
  };
}

/** An apiId that stays the same for one app: ten lower-case letters and digits (fact B20). */
export function apiId(appName: string): string {
  const digest = createHash('sha256').update(appName).digest();
  return BigInt(`0x${digest.toString('hex', 0, 8)}`)
    .toString(36)
    .padStart(10, '0')
    .slice(-10);
}
