import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo, type LookupFunction } from 'node:net';
import { join } from 'node:path';
import { repository } from '../support/built.ts';
import { openConnection, type Connection } from '../support/connection.ts';
import { until } from '../support/until.ts';
import { openTemporaryFolder } from '../support/temporary-folder.ts';

const region = 'us-west-2';
/** Everything is allowed to these. */
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const attempts = 3;
const longestStartMs = 20_000;
const longestEndMs = 5000;

/** The program; `MINISTACK_PATH` names another. */
const program = process.env['MINISTACK_PATH'] ?? join(repository, '.cache', 'aws', 'venv', 'bin', 'ministack');

export interface EmulatorOptions {
  /** Whether keys and rights are checked. @default false */
  readonly auth?: boolean;
  /** Whether deployed functions find the AWS SDK, as on Lambda. @default false */
  readonly withSdk?: boolean;
}

export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  readonly port: number;
  /** What a command, or the SDK, needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** What a client of the SDK in the test itself is made with. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** What it has printed, for a test that fails. */
  readonly output: () => string;
  /** Removes everything that was made in it. */
  readonly reset: () => Promise<void>;
  /** Opens a web socket at a URL as a deploy prints it: `wss://abc.execute-api.us-west-2.amazonaws.com/staging`. */
  readonly connect: (wssUrl: string) => Promise<Connection>;
  /** Where an HTTP API is; `path` begins with a slash. */
  readonly httpUrl: (apiId: string, path?: string) => string;
}

/** Why there is no emulator; `undefined` when there is one. */
export function emulatorMissing(): string | undefined {
  return existsSync(program)
    ? undefined
    : `no emulator of AWS at ${program}: see CONTRIBUTING.md, or set MINISTACK_PATH`;
}

/** Variables for a command that talks to AWS at this address. */
export function environmentFor(url: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** Starts MiniStack on a free port, with a folder of its own. */
export async function openEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const folder = await openTemporaryFolder();
  await mkdir(join(folder.path, 'tmp'));
  if (options.withSdk === true) await linkSdk(folder.path);
  // Between finding a free port and taking it, another may come first.
  for (let attempt = 1; ; attempt += 1) {
    const server = await start(folder.path, options);
    if (server.isReady) return emulatorAt(server, folder);
    if (attempt === attempts) throw new Error(`The emulator does not start.\n${server.output()}`);
  }
}

interface Server {
  readonly child: ChildProcess;
  readonly port: number;
  readonly isReady: boolean;
  readonly output: () => string;
}

async function start(folder: string, { auth = false }: EmulatorOptions): Promise<Server> {
  const port = await freePort();
  let output = '';
  const child = spawn(program, [], {
    cwd: folder,
    // A group of its own, so that the functions that it runs end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      TMPDIR: join(folder, 'tmp'),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_REGION: region,
      MINISTACK_HOST: `${region}.amazonaws.com`,
      ...(auth ? { AUTH: 'true' } : {}),
    },
  });
  child.stdout.on('data', (part: Buffer) => (output += part.toString('utf8')));
  child.stderr.on('data', (part: Buffer) => (output += part.toString('utf8')));
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  // On a taken port it is the other server that answers.
  const isSettled = async () =>
    !isAlive() || ((await answers(`http://127.0.0.1:${port}/_ministack/health`)) && isAlive());
  await until(isSettled, 'the emulator', longestStartMs);
  return { child, port, isReady: isAlive(), output: () => output };
}

function emulatorAt({ child, port, output }: Server, folder: AsyncDisposable): Emulator {
  const url = `http://127.0.0.1:${port}`;
  const kill = () => endGroup(child, 'SIGKILL');
  process.once('exit', kill);
  return {
    url,
    port,
    env: environmentFor(url),
    client: { endpoint: url, region, credentials },
    output,
    async reset() {
      const response = await fetch(`${url}/_ministack/reset`, { method: 'POST' });
      if (!response.ok) throw new Error(`The emulator does not reset: ${response.status}`);
    },
    connect(wssUrl) {
      const target = new URL(wssUrl.replace(/^wss:/, 'ws:'));
      target.port = String(port);
      return openConnection(target.href, { lookup: loopback });
    },
    httpUrl: (apiId, path = '/') => `${url}/_aws/execute-api/${apiId}${path}`,
    async [Symbol.asyncDispose]() {
      process.off('exit', kill);
      await end(child);
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Whatever the name, it is here. */
export const loopback: LookupFunction = (_name, { all }, done) => {
  if (all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(longestEndMs) });
  endGroup(child, 'SIGTERM');
  await exited.catch(() => {
    // A function that still runs keeps it alive.
    endGroup(child, 'SIGKILL');
    return once(child, 'exit');
  });
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // It has ended already.
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What functions may require without bringing it: `@aws-sdk/*` and nothing else, found from their folder upwards. */
async function linkSdk(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(repository, 'node_modules', '@aws-sdk'), join(folder, 'node_modules', '@aws-sdk'));
}
