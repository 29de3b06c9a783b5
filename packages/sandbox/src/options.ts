import { errors } from './errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface SandboxSettings {
  /** 0 picks a free one. @default 3333 */
  readonly port: number;
  /** Address to listen on; `undefined` is this machine alone. */
  readonly host: string | undefined;
  /** Names beside the loopback ones that a request's Host may have. */
  readonly allowedHosts: readonly string[];
  /** Accept only signatures that can be verified. @default false */
  readonly isStrict: boolean;
}

/** What the command line says; text as it was typed. */
export interface SandboxFlags {
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly allowedHosts?: readonly string[] | undefined;
  readonly isStrict?: boolean | undefined;
}

/**
 * Flags beat environment, environment beats defaults.
 *
 * @throws {PORT_INVALID} when `--port` or `PORT` is not a port number.
 */
export function sandboxSettings(flags: SandboxFlags, env: Env): SandboxSettings {
  const port = flags.port === undefined ? parsePort('PORT', env['PORT'] || '3333') : parsePort('--port', flags.port);
  return {
    port,
    host: flags.host === undefined || flags.host === 'localhost' ? undefined : flags.host,
    allowedHosts: (flags.allowedHosts ?? []).map((name) => name.toLowerCase()),
    isStrict: flags.isStrict ?? false,
  };
}

function parsePort(name: string, text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw errors.portInvalid(name, text);
}
