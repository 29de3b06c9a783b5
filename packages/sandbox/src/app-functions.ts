import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { handlerEnvironment, type EnvironmentFacts, type RunnableFunction } from '@furrow/executor';
import type { Routes } from '@furrow/gateway';
import type { App } from '@furrow/manifest';

/** Most environments of one function on one machine, however slow its handlers are. */
const maxLocalEnvironments = 50;

/** The functions of an app as the executor runs them. */
export function runnableFunctions(app: App, projectDir: string, facts: EnvironmentFacts): RunnableFunction[] {
  return app.functions.map(({ name, kind, label, sourceDir, settings }) => ({
    name,
    kind,
    label,
    sourceDir: resolve(projectDir, sourceDir),
    handler: settings.handler,
    external: settings.external,
    timeoutMs: settings.timeout * 1000,
    memoryMegabytes: settings.memory,
    maxEnvironments: Math.min(settings.concurrency ?? maxLocalEnvironments, maxLocalEnvironments),
    env: handlerEnvironment(facts, {
      name,
      memoryMegabytes: settings.memory,
      runtime: settings.runtime,
      handler: settings.handler,
      hasOwnVariables: settings.env,
    }),
  }));
}

/** The routes of an app as the gateway serves them. */
export function appRoutes(app: App, projectDir: string): Routes {
  return {
    ws: app.ws,
    http: app.http ?? [],
    staticFolder: app.static.isServed ? join(projectDir, app.static.folder) : undefined,
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
