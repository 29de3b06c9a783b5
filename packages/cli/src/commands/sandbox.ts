import { describeProblems, type FunctionDefinition } from '@furrow/manifest';
import { eventText } from '@furrow/protocol';
import { maxHoldMs, openSandbox, sandboxSettings, type Sandbox, type SandboxEvent } from '@furrow/sandbox';
import { optionText, type Arguments, type Command } from '../command.ts';
import { projectFolder } from '../project-folder.ts';
import { createStyle } from '../report/style.ts';
import { describeEvent, describeFailures } from '../report/event-lines.ts';
import { describeCount } from '../report/units.ts';
import { greeting } from '../version.ts';
import type { World } from '../world.ts';

export const sandboxCommand: Command = {
  name: 'sandbox',
  parameters: '[folder]',
  aliases: ['dev'],
  summary: 'Run the app on this machine, as AWS would',
  options: [
    {
      flag: '--port <port>',
      description: 'Port to listen on, 0 for a free one (default: PORT, else that of the preferences, else 3333)',
    },
    { flag: '--host <address>', description: 'Address to listen on (default: this machine alone)' },
    {
      flag: '--allow-host <name>',
      description: 'Answer requests for this host name too; may be repeated',
      mayRepeat: true,
    },
    {
      flag: '--strict',
      description: 'Accept only signatures that can be verified, and freeze handlers between events, as AWS does',
    },
    {
      flag: '--shuffle [seed]',
      description:
        'Hold each message for a random moment, so that they overtake each other; a seed repeats an earlier run',
    },
    { flag: '--idle-timeout <seconds>', description: 'Close idle connections after so long (default: 600, as AWS)' },
    {
      flag: '--connection-duration <seconds>',
      description: 'Close every connection after so long (default: 7200, as AWS)',
    },
    { flag: '--integration-timeout <seconds>', description: 'Wait so long for a handler (default: 29, as AWS)' },
    {
      flag: '--pings-keep-open',
      description: 'Count pings of a client as traffic (default: they do not keep it open)',
    },
    {
      flag: '--persist',
      description: 'Keep the items of tables in .furrow/data (default: in memory, gone at the end)',
    },
    { flag: '--external-db <url>', description: 'Use another DynamoDB for the tables, such as http://localhost:8000' },
    { flag: '--scheduled', description: 'Run functions of @scheduled by the clock (default: by "arc invoke" alone)' },
    { flag: '--quiet', description: 'Print errors and what handlers print, no line per event' },
    { flag: '--verbose', description: 'Print whole events and results' },
    { flag: '--json', description: 'Print one JSON object per event' },
  ],
  examples: ['arc sandbox', 'arc sandbox --port 4000', 'arc sandbox examples/chat'],
  run,
};

async function run({ positional, options }: Arguments, world: World): Promise<number> {
  const projectDir = await projectFolder(world.cwd, positional[0]);
  const settings = sandboxSettings(
    {
      port: optionText(options, 'port'),
      host: optionText(options, 'host'),
      allowedHosts: [options['allowHost'] ?? []].flat().map(String),
      isStrict: options['strict'] === true,
      idleTimeout: optionText(options, 'idleTimeout'),
      connectionDuration: optionText(options, 'connectionDuration'),
      integrationTimeout: optionText(options, 'integrationTimeout'),
      pingsKeepOpen: options['pingsKeepOpen'] === true,
      runsSchedules: options['scheduled'] === true,
      persist: options['persist'] === true ? true : undefined,
      externalDb: optionText(options, 'externalDb'),
      shuffle: options['shuffle'] === true ? true : optionText(options, 'shuffle'),
    },
    world.env,
  );
  const report = createReport(options, world, projectDir);
  const stopped = new Promise<void>((resolve) => {
    let count = 0;
    world.onStop(() => {
      count += 1;
      if (count > 1) world.exitNow(130);
      resolve();
    });
  });
  const sandbox = await openSandbox({
    ...settings,
    projectDir,
    env: world.env,
    withVariables: world.withVariables,
    onEvent: report.event,
  });
  report.started(sandbox);
  await stopped;
  report.stopping();
  await sandbox.close();
  return 0;
}

interface Report {
  readonly event: (event: SandboxEvent) => void;
  readonly started: (sandbox: Sandbox) => void;
  readonly stopping: () => void;
}

function createReport(options: Arguments['options'], world: World, projectDir: string): Report {
  const style = createStyle(world);
  const print = (lines: readonly string[]) => {
    if (lines.length > 0) world.write(`${lines.join('\n')}\n`);
  };
  if (options['json'] === true) {
    const line = (value: object) => world.write(`${JSON.stringify(value)}\n`);
    const isQuiet = options['quiet'] === true;
    const isVerbose = options['verbose'] === true;
    return {
      event: (event) => {
        if (!isQuiet || !isRoutine(event)) line(isVerbose ? inText(event) : withoutWhole(event));
      },
      started: ({ url, webSocketUrl, shuffleSeed, app, warnings }) =>
        line({ type: 'ready', atMs: Date.now(), app: app.name, url, webSocketUrl, shuffleSeed, warnings }),
      stopping: () => line({ type: 'stopping', atMs: Date.now() }),
    };
  }
  const view = {
    style,
    columns: world.columns,
    projectDir,
    isQuiet: options['quiet'] === true,
    isVerbose: options['verbose'] === true,
  };
  return {
    event: (event) => print(describeEvent(event, view)),
    started(sandbox) {
      print(startLines(sandbox, world, style.dim));
      void sandbox.built.then((reports) => print(describeFailures(reports, view)));
    },
    stopping: () => world.isTerminal && print(['', 'Closing connections. Ctrl-C again stops at once.']),
  };
}

/** An event whose function got a text. */
function inText(event: SandboxEvent): object {
  return event.type === 'message' && event.event !== undefined ? { ...event, event: eventText(event.event) } : event;
}

/** An event without what the function got and returned. */
function withoutWhole(event: SandboxEvent): object {
  if (!('durationMs' in event)) return event;
  const { event: _event, result: _result, ...rest } = event;
  return rest;
}

/** An event that went as it should. */
function isRoutine(event: SandboxEvent): boolean {
  return 'durationMs' in event && event.failure === undefined;
}

function startLines(
  { app, url, webSocketUrl, shuffleSeed, warnings }: Sandbox,
  world: World,
  dim: (text: string) => string,
): string[] {
  const readyMs = Math.round(Date.now() - world.startedAtMs);
  const labels = (kind: FunctionDefinition['kind']) =>
    app.functions.filter((one) => one.kind === kind).map(({ label }) => label);
  const background = (['events', 'queues', 'scheduled', 'tables-streams', 'customLambdas'] as const).flatMap(labels);
  const functions = [
    ...(app.ws === undefined ? [] : [`ws ${labels('ws').join(' ')}`]),
    ...(app.http === undefined ? [] : [`http ${labels('http').join(', ')}`]),
    ...background,
  ];
  return [
    ...(warnings.length > 0 ? [describeProblems(warnings), ''] : []),
    `${greeting()}  ${app.name}  ready in ${readyMs} ms`,
    ...(app.http !== undefined || app.static.isServed ? [`  page    ${url}`] : []),
    ...(webSocketUrl === undefined ? [] : [`  socket  ${webSocketUrl}`]),
    `  ${describeCount(app.functions.length, 'function')}: ${functions.join(', ')}`,
    ...(app.tables.length === 0 ? [] : [`  tables  ${app.tables.map(({ name }) => name).join(', ')}`]),
    ...(shuffleSeed === undefined
      ? []
      : [`  shuffle ${shuffleSeed}: messages wait up to ${maxHoldMs} ms; --shuffle=${shuffleSeed} repeats this run`]),
    dim('Save a file and the next event runs it; sockets stay open. Ctrl-C stops.'),
    '',
  ];
}
