import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WsConnectEvent } from '@furrow/protocol';
import { openSandbox, sandboxSettings, type Sandbox, type SandboxEvent } from '@furrow/sandbox';
import { vi } from 'vitest';
import { repository } from '../support/built.ts';
import { openConnection, type Connection } from '../support/connection.ts';
import { openTemporaryFolder } from '../support/temporary-folder.ts';
import type { Answer, CallMessage, OpenCaller } from './management-calls.ts';

/** The developer's; the sandbox of these tests is strict, so what they sign is verified. */
export const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' } as const;
export const credentials = {
  accessKeyId: keys.AWS_ACCESS_KEY_ID,
  secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
} as const;
export const region = 'us-west-2';

type Event<Type extends SandboxEvent['type']> = Extract<SandboxEvent, { readonly type: Type }>;

export interface ClientAppOptions {
  /** Beside `connect`, `default` and `disconnect`, or instead of them; by route. */
  readonly handlers?: Readonly<Record<string, string>>;
  /** Handlers that are files of this folder; by route. */
  readonly handlerFiles?: Readonly<Record<string, string>>;
  /** Packages that the app has installed: by name, the folder in this repository's `node_modules`. */
  readonly packages?: Readonly<Record<string, string>>;
  /** @default true */
  readonly isStrict?: boolean;
}

export interface ClientApp extends AsyncDisposable {
  readonly sandbox: Sandbox;
  /** `localhost:40123`, as `domainName` has it. */
  readonly host: string;
  /** `ws://localhost:40123/testing` */
  readonly webSocketUrl: string;
  /** The app's own folder. */
  readonly folder: string;
  /** What whoever trusts this sandbox has to know. */
  readonly authorityFile: string;
  readonly events: readonly SandboxEvent[];
  /** Resolves with the first event, of those to come too, of this type that fits. */
  readonly event: <Type extends SandboxEvent['type']>(
    type: Type,
    fits?: (event: Event<Type>) => boolean,
  ) => Promise<Event<Type>>;
  /** The connection that was opened with this query, once it is. */
  readonly connectionOf: (query: string) => Promise<string>;
  /** What was refused, what failed, and what handlers left undone. */
  readonly troubles: () => readonly SandboxEvent[];
  /** How a connection has ended, as `$disconnect` is told; once it has. */
  readonly disconnected: (id: string) => Promise<{ readonly code: number; readonly reason: string }>;
  /** Opens a web socket that calls are about. */
  readonly openTarget: () => Promise<Target>;
  /** A caller in a handler: `action` is its route. */
  readonly callerInHandler: (action: string, endpoint?: string) => Promise<OpenCaller>;
}

export interface Target extends Connection {
  readonly id: string;
}

const ownHandlers: Readonly<Record<string, string>> = {
  // `?status=403` is what it answers; of the subprotocols that are offered it takes the first, or that of `?protocol=`.
  connect: `exports.handler = async ({ headers, queryStringParameters }) => {
    const [first] = (headers['Sec-WebSocket-Protocol'] ?? '').split(',')
    const { status = 200, protocol = first } = queryStringParameters ?? {}
    return {
      statusCode: Number(status),
      ...(protocol && { headers: { 'Sec-WebSocket-Protocol': protocol } }),
    }
  }`,
  default: `const arc = require('@architect/functions')
  exports.handler = async ({ body, requestContext }) => {
    await arc.ws.send({ id: requestContext.connectionId, payload: body })
    return { statusCode: 200 }
  }`,
  disconnect: 'exports.handler = async () => ({ statusCode: 200 })',
};

/** Says hello to who has joined. */
export const joinHandler = `const arc = require('@architect/functions')
exports.handler = async ({ body, requestContext }) => {
  await arc.ws.send({ id: requestContext.connectionId, payload: { joined: JSON.parse(body).name } })
  return { statusCode: 200 }
}`;

/** An app that clients are tried on, in a sandbox. */
export async function openClientApp(options: ClientAppOptions = {}): Promise<ClientApp> {
  const { handlers = {}, handlerFiles = {}, packages = {}, isStrict = true } = options;
  const texts = { ...ownHandlers, ...handlers };
  const routes = [...new Set([...Object.keys(texts), ...Object.keys(handlerFiles)])];
  const folder = await openTemporaryFolder({
    'app.arc': `@app\ntestapp\n@http\nget /\n@ws\n${routes.join('\n')}\n`,
    'src/http/get-index/index.js': `exports.handler = async () => ({
      statusCode: 200, headers: { 'content-type': 'text/html' }, body: '<title>a page</title>' })`,
    ...Object.fromEntries(Object.entries(texts).map(([route, text]) => [`src/ws/${route}/index.js`, text])),
  });
  await Promise.all([
    ...Object.entries(handlerFiles).map(([route, file]) => copyHandler(file, join(folder.path, 'src', 'ws', route))),
    ...Object.entries(packages).map(([name, installed]) => link(installed, join(folder.path, 'node_modules', name))),
  ]);
  const events: SandboxEvent[] = [];
  const sandbox = await openSandbox({
    ...sandboxSettings({ port: '0', isStrict }, {}),
    projectDir: folder.path,
    env: { PATH: process.env['PATH'], HOME: folder.path, ...keys },
    isWatching: false,
    onEvent: (event) => events.push(event),
  });
  const { webSocketUrl = '' } = sandbox;
  await sandbox.built;

  let targets = 0;
  const event: ClientApp['event'] = (type, fits = () => true) =>
    vi.waitUntil(
      () => events.find((one): one is Event<typeof type> => one.type === type && fits(one as Event<typeof type>)),
      { timeout: 10_000, interval: 5 },
    );

  const connectionOf = async (query: string) =>
    (await event('connect', (one) => one.statusCode === 101 && queryOf(one.event) === query)).connectionId;

  return {
    sandbox,
    host: new URL(sandbox.url).host,
    webSocketUrl,
    folder: folder.path,
    authorityFile: join(folder.path, '.furrow', 'certificate-1', 'authority.pem'),
    events,
    event,
    connectionOf,
    troubles: () =>
      events.filter(
        (one) => one.type === 'refused' || one.type === 'leftBehind' || ('failure' in one && one.failure !== undefined),
      ),
    async disconnected(id) {
      const { code, reason } = await event('disconnect', ({ connectionId }) => connectionId === id);
      return { code, reason };
    },
    async openTarget() {
      targets += 1;
      const query = `target=${targets}`;
      const connection = await openConnection(`${webSocketUrl}?${query}`);
      return Object.assign(connection, { id: await connectionOf(query) });
    },
    async callerInHandler(action, endpoint) {
      const connection = await openConnection(webSocketUrl);
      return {
        async call(calls) {
          const message: CallMessage = { action, endpoint, calls };
          return (await connection.ask(message)) as readonly Answer[];
        },
        [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
      };
    },
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The query of a handshake that `$connect` got. */
function queryOf(event = '{}'): string {
  const { queryStringParameters = {} } = JSON.parse(event) as Partial<WsConnectEvent>;
  return new URLSearchParams(queryStringParameters).toString();
}

async function copyHandler(file: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await copyFile(join(import.meta.dirname, file), join(folder, 'index.ts'));
  // A whole SDK takes its time on a busy machine.
  await writeFile(join(folder, 'config.arc'), '@aws\ntimeout 30\n');
}

async function link(installed: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(join(repository, 'node_modules', installed), path, 'junction');
}
