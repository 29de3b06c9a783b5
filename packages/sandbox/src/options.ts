import type { TimeLimits } from '@furrow/gateway';
import type { SandboxPreferences } from '@furrow/manifest';
import { limits } from '@furrow/protocol';
import { errors } from './errors.ts';
import type { TablesSettings } from './tables/place.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where a sandbox is that nobody has told where to be. */
const defaultPort = 3333;

export interface SandboxSettings extends TablesSettings {
  /** 0 picks a free one; `undefined` leaves it to `chosenPort`. */
  readonly port: number | undefined;
  /** Address to listen on; `undefined` is this machine alone. */
  readonly host: string | undefined;
  /** Names beside the loopback ones that a request's Host may have. */
  readonly allowedHosts: readonly string[];
  /** Accept only signatures that can be verified, and let nothing of a handler go on between events. @default false */
  readonly isStrict: boolean;
  /** Those that come earlier than AWS's. @default none */
  readonly timeLimits?: Partial<TimeLimits>;
  /** Whether pings of a client count as traffic. @default false */
  readonly pingsKeepOpen?: boolean;
  /** Whether `@scheduled` functions run by the clock, and not by hand alone. @default false */
  readonly runsSchedules?: boolean;
  /** Hold each message for a random moment; the number repeats the moments of an earlier run. @default undefined: do not */
  readonly shuffle?: number | 'random' | undefined;
}

/** What the command line says; text as it was typed. */
export interface SandboxFlags {
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly allowedHosts?: readonly string[] | undefined;
  readonly isStrict?: boolean | undefined;
  /** In seconds. */
  readonly idleTimeout?: string | undefined;
  /** In seconds. */
  readonly connectionDuration?: string | undefined;
  /** In seconds. */
  readonly integrationTimeout?: string | undefined;
  readonly pingsKeepOpen?: boolean | undefined;
  readonly runsSchedules?: boolean | undefined;
  /** A seed, or `true` for any. */
  readonly shuffle?: string | true | undefined;
  readonly persist?: boolean | undefined;
  /** A URL. */
  readonly externalDb?: string | undefined;
}

/**
 * Flags beat environment. What neither says is left to preferences, and to defaults.
 *
 * @throws {PORT_INVALID} when `--port` or `PORT` is not a port number.
 * @throws {TIME_LIMIT_INVALID} when one is no number of seconds, or longer than AWS's.
 * @throws {SHUFFLE_SEED_INVALID} when the seed is no whole number of 32 bits.
 */
export function sandboxSettings(flags: SandboxFlags, env: Env): SandboxSettings {
  return {
    port: portOf(flags, env),
    host: flags.host === undefined || flags.host === 'localhost' ? undefined : flags.host,
    allowedHosts: (flags.allowedHosts ?? []).map((name) => name.toLowerCase()),
    isStrict: flags.isStrict ?? false,
    timeLimits: timeLimits(flags),
    pingsKeepOpen: flags.pingsKeepOpen ?? false,
    runsSchedules: flags.runsSchedules ?? false,
    shuffle: typeof flags.shuffle === 'string' ? parseSeed(flags.shuffle) : flags.shuffle && 'random',
    ...tablesSettings(flags, env),
  };
}

/** The port that is typed, else that of the preferences, else 3333. */
export function chosenPort(
  { port }: Pick<SandboxSettings, 'port'>,
  { httpPort }: Pick<SandboxPreferences, 'httpPort'>,
): number {
  return port ?? httpPort ?? defaultPort;
}

function portOf({ port }: SandboxFlags, { PORT: fromEnv }: Env): number | undefined {
  if (port !== undefined) return parsePort('--port', port);
  return fromEnv ? parsePort('PORT', fromEnv) : undefined;
}

/** The variables are those of Architect's sandbox. */
function tablesSettings({ persist, externalDb }: SandboxFlags, env: Env): TablesSettings {
  const port = env['ARC_TABLES_PORT'] || undefined;
  return {
    persist,
    externalDb: externalDb ?? (env['ARC_DB_EXTERNAL'] === 'true' ? true : undefined),
    tablesPort: port === undefined ? undefined : parsePort('ARC_TABLES_PORT', port),
  };
}

function timeLimits({ idleTimeout, connectionDuration, integrationTimeout }: SandboxFlags): Partial<TimeLimits> {
  const given = [
    ['idleTimeoutMs', '--idle-timeout', idleTimeout],
    ['connectionLifetimeMs', '--connection-duration', connectionDuration],
    ['integrationTimeoutMs', '--integration-timeout', integrationTimeout],
  ] as const;
  return Object.fromEntries(
    given.flatMap(([name, flag, text]) => (text === undefined ? [] : [[name, parseSeconds(flag, text, limits[name])]])),
  );
}

/** Shortest time-out that API Gateway knows (fact E8). */
const shortestMs = 50;

function parseSeconds(flag: string, text: string, longestMs: number): number {
  const ms = Math.round(Number(text) * 1000);
  if (/^\d+(?:\.\d+)?$/.test(text) && ms >= shortestMs && ms <= longestMs) return ms;
  throw errors.timeLimitInvalid(flag, text, shortestMs / 1000, longestMs / 1000);
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d{1,10}$/.test(text) && seed <= 0xffff_ffff) return seed;
  throw errors.shuffleSeedInvalid(text);
}

function parsePort(name: string, text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw errors.portInvalid(name, text);
}
