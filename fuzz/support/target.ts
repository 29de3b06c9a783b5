import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { descendants, type RunningProcess } from '../../test/support/processes.ts';
import { openTemporaryFolder } from '../../test/support/temporary-folder.ts';
import { hostileApp } from './hostile-app.ts';
import type { Measurement } from './memory.ts';
import type { FromSandbox } from './sandbox-process.ts';

export interface Target extends AsyncDisposable {
  /** `http://localhost:40123` */
  readonly url: string;
  /** `ws://localhost:40123/testing` */
  readonly webSocketUrl: string;
  /** Whether its port takes TLS too. */
  readonly hasTls: boolean;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What has been reported since it was asked last, and that the process has ended, where it has. */
  readonly takeTroubles: () => readonly string[];
  readonly isAlive: () => boolean;
  /** The processes that it has started. */
  readonly children: () => Promise<readonly RunningProcess[]>;
  /** `undefined` where it runs somewhere else. */
  readonly measure: (() => Promise<Measurement>) | undefined;
}

const credentials = { accessKeyId: 'AKIAFUZZ', secretAccessKey: 'secret' };
/** A collection of garbage, on a machine that has other things to do. */
const measuredWithinMs = 30_000;
const root = join(import.meta.dirname, '..', '..');

/** A sandbox that somebody else has opened; all that is seen of it is what it answers. */
export async function targetByUrl(webSocketUrl: string): Promise<Target> {
  const url = new URL('/', webSocketUrl.replace(/^ws/, 'http')).href.replace(/\/$/, '');
  return {
    url,
    webSocketUrl,
    hasTls: await takesTls(url),
    credentials,
    takeTroubles: () => [],
    isAlive: () => true,
    children: async () => [],
    measure: undefined,
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Opens a sandbox in a process of its own, with an app that has handlers for each way of going wrong. */
export async function openTarget(): Promise<Target> {
  const folder = await openTemporaryFolder(hostileApp);
  const program = join(import.meta.dirname, 'sandbox-process.ts');
  const flags = ['--expose-gc', '--conditions=@furrow/source', '--import', 'tsx'];
  const child = spawn(process.execPath, [...flags, program, folder.path], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder.path,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  });
  const troubles: string[] = [];
  let printed = '';
  child.stderr?.on('data', (data) => (printed = `${printed}${String(data)}`.slice(-4000)));
  child.on('exit', (code, signal) => troubles.push(`the process ended (${code ?? signal}): ${printed}`));
  child.on('message', (message: FromSandbox) => {
    if (message.type === 'trouble') troubles.push(message.text);
  });
  const children = () => descendants(child.pid ?? 0);
  const { url, webSocketUrl } = await messageOf(child, 'ready');
  return {
    url,
    webSocketUrl,
    hasTls: await takesTls(url),
    credentials,
    takeTroubles: () => troubles.splice(0),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    children,
    async measure() {
      const measured = messageOf(child, 'measured', measuredWithinMs);
      child.send('measure');
      const { memory } = await measured;
      return { ...memory, processes: (await children()).length };
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
        child.send('close');
        await ended;
        clearTimeout(impatience);
      }
      await folder[Symbol.asyncDispose]();
    },
  };
}

function takesTls(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('secureConnect', end(true)).on('error', end(false)).on('close', end(false));
  });
}

/** The next message of a type. @throws when the process ends instead, or says nothing for so long. */
function messageOf<Type extends FromSandbox['type']>(
  child: ChildProcess,
  type: Type,
  withinMs = 60_000,
): Promise<Extract<FromSandbox, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const impatience = setTimeout(() => {
      stop();
      reject(new Error(`The sandbox did not say "${type}" within ${withinMs / 1000} s.`));
    }, withinMs);
    const stop = () => {
      clearTimeout(impatience);
      child.off('message', take).off('exit', fail);
    };
    const take = (message: FromSandbox) => {
      if (!isOf(message, type)) return;
      stop();
      resolve(message);
    };
    const fail = () => {
      stop();
      reject(new Error(`The sandbox ended before it said "${type}".`));
    };
    child.on('message', take).on('exit', fail);
  });
}

function isOf<Type extends FromSandbox['type']>(
  message: FromSandbox,
  type: Type,
): message is Extract<FromSandbox, { type: Type }> {
  return message.type === type;
}
