import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { openExecutor, type BuildReport, type EnvironmentFacts, type Executor } from '@furrow/executor';
import { systemClock, type Clock, type Invoke } from '@furrow/protocol';
import { openGateway } from '@furrow/gateway';
import { loadApp, manifestInvalid, stackName, type App, type Problem, type SandboxPreferences } from '@furrow/manifest';
import { apiId, appRoutes, runnableFunctions } from './app-functions.ts';
import { localCredentials } from './credentials.ts';
import { hookVariables } from './hook-variables.ts';
import { openLocalTls } from './local-tls.ts';
import { chosenPort, type SandboxSettings } from './options.ts';
import type { SandboxEvent } from './sandbox-event.ts';
import { createOwnVariables } from './own-variables.ts';
import { createBus } from './bus/bus.ts';
import { appParameters, parametersFile, parseOwnParameters, type Parameters } from './parameters.ts';
import { shuffled } from './shuffle.ts';
import { createSsm } from './ssm.ts';
import { systemVariables } from './system-variables.ts';
import { createLocalTables } from './tables/local-tables.ts';
import { tablesPlace } from './tables/place.ts';
import { createSandboxPlugins, type WithVariables } from './plugins.ts';
import { openWatcher } from './watch.ts';

export interface SandboxOptions extends SandboxSettings {
  /** Absolute path of the folder that holds the manifest. */
  readonly projectDir: string;
  /** Absolute path of the folder for what several projects share. @default ~/.furrow */
  readonly userDir?: string;
  /** The developer's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs hooks of plugins while the process has variables beside its own. @default the environment stays as it is */
  readonly withVariables?: WithVariables | undefined;
  /** It MUST return at once. */
  readonly onEvent: (event: SandboxEvent) => void;
  /** Follow saved files. @default true */
  readonly isWatching?: boolean;
  /** @default systemClock */
  readonly clock?: Clock;
}

export interface Sandbox extends AsyncDisposable {
  readonly app: App;
  readonly warnings: readonly Problem[];
  /** `http://localhost:3333` */
  readonly url: string;
  /** `ws://localhost:3333/testing`; `undefined` when the app has no `@ws`. */
  readonly webSocketUrl: string | undefined;
  /** What repeats the moments that messages are held for; `undefined` when they are not. */
  readonly shuffleSeed: number | undefined;
  /** Resolves when every function has been built once; events are answered before that already. */
  readonly built: Promise<readonly BuildReport[]>;
  /** Resolves when saved files are seen. */
  readonly watching: Promise<void>;
  /** Closes connections with 1001, lets handlers end and runs their disconnects, up to `graceMs`. @default 5000 */
  close(graceMs?: number): Promise<void>;
}

/** The stage of everything that runs on a developer's machine. */
const stage = 'testing';
const defaultRegion = 'us-west-2';

/** Where handlers believe to run. */
function regionOf(app: App, env: SandboxOptions['env']): string {
  return app.region ?? env['AWS_REGION'] ?? defaultRegion;
}

/**
 * Opens the sandbox; resolves once its port is bound.
 *
 * @throws {MANIFEST_MISSING} when the folder has no manifest.
 * @throws {MANIFEST_INVALID} when it has faults; all are named.
 * @throws {PORT_TAKEN} when another process has the port.
 * @throws {TABLES_FAILED} and others, when the tables cannot be made.
 * @throws {PLUGIN_FAILED} when a plugin fails while the sandbox starts.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { projectDir, onEvent, clock = systemClock } = options;
  const { now } = clock;
  const readAtMs = Date.now();
  const loaded = await loadApp(projectDir);
  if (!loaded.ok) throw manifestInvalid(loaded.problems);
  const { app } = loaded;
  const { certificate, env } = await openLocalTls(options);
  const stack = stackName(app.name, stage);
  const region = regionOf(app, env);
  const credentials = localCredentials(env, { profiles: await readProfiles(env), profile: app.profile });

  let startExecutor: ((executor: Executor) => void) | undefined;
  const executorStarted = new Promise<Executor>((resolve) => (startExecutor = resolve));
  let executor: Executor | undefined;
  /** The executor, once plugins have started: other events wait for it. */
  let running: Executor | undefined;
  let parameters: Parameters = new Map();
  let variablesOfHooks: Readonly<Record<string, string>> = {};
  const shuffleSeed = options.shuffle === 'random' ? randomInt(0xffff_ffff) : options.shuffle;
  const invokeLater: Invoke = async (invocation) => (await executorStarted).invoke(invocation);
  const invoke: Invoke = (invocation) => running?.invoke(invocation) ?? invokeLater(invocation);
  const plugins = createSandboxPlugins({
    projectDir,
    app,
    plugins: loaded.plugins,
    stackName: stack,
    invoke: (invocation) => executor?.invoke(invocation) ?? invokeLater(invocation),
    variables: () => variablesOfHooks,
    withVariables: options.withVariables,
    onEvent,
    clock,
  });
  const services = await plugins.services();

  const onFault = (file: string, expected: string, text: string) =>
    onEvent({ type: 'environmentFault', atMs: now(), file, text, expected });
  const own = createOwnVariables({
    projectDir,
    env,
    onFault,
    onNotice: (text) => onEvent({ type: 'notice', atMs: now(), text }),
  });
  const preferences = await own.readSandbox();
  const tables = createLocalTables({
    stackName: stack,
    region,
    projectDir,
    place: tablesPlace(options, preferences, projectDir),
    seedFile: preferences.seedData,
    credentials: credentials.own,
    invoke,
    onEvent,
    clock,
  });
  // Opened while the rest is: requests wait for it.
  const tablesMade = tables.follow(app);
  const ssm = createSsm(() => parameters, { region, createdAtMs: now() });
  const access = { secretOf: credentials.secretOf, isStrict: options.isStrict };
  const { runsSchedules } = options;
  const bus = createBus({ stackName: stack, region, access, invoke, runsSchedules, onEvent, clock });
  await bus.follow(app);
  const reloadsPages = doesReload(options, preferences);
  const gateway = await openGateway({
    ...options,
    port: chosenPort(options, preferences),
    reloadsPages,
    tls: certificate,
    stage,
    apiId: apiId(app.name),
    region,
    routes: appRoutes(app, projectDir),
    invoke: shuffleSeed === undefined ? invoke : shuffled(invoke, { seed: shuffleSeed, clock }),
    onGone: (connectionId) => executor?.gone(connectionId),
    access,
    localService: (request) => tables.service(request) ?? bus.service(request) ?? ssm(request),
    onEvent,
    clock,
  }).catch(async (error: unknown) => {
    await Promise.all([tables.close(), bus.close(0)]);
    throw error;
  });
  const socketUrl = `${gateway.url.replace(/^http/, 'ws')}/${stage}`;
  const readParameters = async () => {
    const ofApp = appParameters({
      stackName: stack,
      managementUrl: `${gateway.url}/${stage}`,
      webSocketUrl: socketUrl,
      port: gateway.port,
      staticDir: app.static.isServed ? join(projectDir, app.static.folder) : undefined,
      tables: tables.names,
      tablesUrl: tables.url ?? gateway.url,
      messages: bus.parameters(),
      messagesPort: bus.endpoints?.port,
    });
    const added = parseOwnParameters(await readText(join(projectDir, parametersFile)), stack);
    for (const text of added.faults) onFault(parametersFile, 'a name with a text', text);
    parameters = new Map([...services, ...added.parameters, ...ofApp]);
  };
  await readParameters();

  const environmentFacts = async (current: App): Promise<EnvironmentFacts> => ({
    appName: current.name,
    stage,
    stackName: stack,
    webSocketUrl: socketUrl,
    httpUrl: gateway.url,
    region,
    local: {
      managementUrl: `${gateway.url}/${stage}`,
      ssmUrl: `${gateway.url}/_arc/ssm`,
      port: gateway.port,
      projectDir,
      staticDir: join(projectDir, current.static.folder),
      dynamoDbUrl: current.tables.length > 0 ? (tables.url ?? gateway.url) : undefined,
      messages: bus.endpoints,
    },
    own: await own.read(current.variables.testing),
    credentials: credentials.variables,
    system: systemVariables(env),
  });
  const functionsOf = async (current: App) => {
    const facts = await environmentFacts(current);
    variablesOfHooks = hookVariables(facts);
    return runnableFunctions(current, projectDir, facts);
  };

  let rebuilt: readonly BuildReport[];
  try {
    executor = await openExecutor({
      projectDir,
      functions: await functionsOf(app),
      processEnv: { ...systemVariables(env), TZ: ':UTC' },
      hostEnv: env,
      manage: gateway.manage,
      onEvent,
      isStrict: options.isStrict,
      clock,
    });
    await tablesMade;
    rebuilt = await plugins.start(executor);
  } catch (error) {
    await Promise.all([gateway.close(0), executor?.close(0), tables.close(), bus.close(0)]);
    throw error;
  }
  const serving = executor;
  running = serving;
  startExecutor?.(serving);

  const watcher =
    options.isWatching === false
      ? undefined
      : openWatcher({
          projectDir,
          app,
          manifestFiles: loaded.files,
          environmentFiles: own.files,
          executor: serving,
          gateway,
          reloadsPages,
          plugins,
          functionsOf,
          followTables: tables.follow,
          followMessages: bus.follow,
          readParameters,
          onEvent,
          now,
          readAtMs,
        });

  let closing: Promise<void> | undefined;
  const stop = async (graceMs: number) => {
    await plugins.end(graceMs);
    const until = performance.now() + graceMs;
    // In the order in which one's last functions need the other: tables and parameters are there until all have ended.
    await Promise.all([gateway.endConnections(graceMs), watcher?.close()]);
    const leftMs = Math.max(0, until - performance.now());
    await Promise.all([bus.close(leftMs), tables.endStreams(leftMs)]);
    await serving.close(Math.min(graceMs, 1000));
    await gateway.close(0);
    await tables.close();
  };
  const close = (graceMs = 5000) => (closing ??= stop(graceMs));
  return {
    app,
    warnings: loaded.problems,
    url: gateway.url,
    webSocketUrl: app.ws === undefined ? undefined : socketUrl,
    shuffleSeed,
    built: serving.ready.then((reports) => withLater(reports, rebuilt)),
    watching: watcher?.ready ?? Promise.resolve(),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** How functions were built last: what plugins have made is not there at first. */
function withLater(reports: readonly BuildReport[], later: readonly BuildReport[]): readonly BuildReport[] {
  const last = new Map(later.map((report) => [report.functionName, report]));
  return reports.map((report) => last.get(report.functionName) ?? report);
}

/** Pages can be told of saved files only where these are followed. */
function doesReload({ isWatching = true }: SandboxOptions, { livereload = false }: SandboxPreferences): boolean {
  return isWatching && livereload;
}

/** A file's text; one that is not there has none. */
function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

/** The developer's AWS configuration; without one there are no profiles. */
async function readProfiles(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const files = [
    env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials'),
    env['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws', 'config'),
  ];
  const texts = await Promise.all(files.map(readText));
  return texts.join('\n');
}
