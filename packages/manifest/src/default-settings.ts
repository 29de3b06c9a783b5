import { routeSelectionExpression } from '@furrow/protocol';
import type { FunctionSettings } from './app.ts';
import { defaultRuntime } from './runtimes.ts';
import type { AppSettings, RouteSetting } from './settings.ts';

/** What an app that says nothing gets. */
export const defaultAppSettings: Pick<AppSettings, 'autoDeploy' | 'routeSelectionExpression'> = {
  autoDeploy: false,
  routeSelectionExpression,
};

/** What a function that is no such route or queue has. */
export const defaultRouteSettings: Pick<FunctionSettings, RouteSetting> = {
  routeResponse: false,
  throttlingRateLimit: undefined,
  throttlingBurstLimit: undefined,
  fifo: false,
};

/** What a function that says nothing gets. */
export const defaultSettings: Omit<FunctionSettings, 'views' | 'handler'> = {
  timeout: 5,
  memory: 1152,
  runtime: defaultRuntime,
  command: [],
  architecture: 'arm64',
  storage: 512,
  concurrency: undefined,
  provisionedConcurrency: undefined,
  'environment-concurrency': 1,
  layers: [],
  policies: [],
  ...defaultRouteSettings,
  logRetention: 30,
  external: [],
  shared: true,
  env: true,
};
