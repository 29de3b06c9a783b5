import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { TemporaryFolder } from '../../test/support/temporary-folder.ts';
import type { Counts } from './samples.ts';
import { handlerFile, handlerText, manifestFile, manifestText, soakApp } from './soak-app.ts';

export interface Traffic {
  readonly counts: () => Counts;
  /** What no client should see; one sentence each. */
  readonly faults: () => readonly string[];
  /** Keeps the connections that stay, and does nothing more. */
  readonly rest: () => Promise<void>;
  readonly resume: () => void;
  readonly stop: () => Promise<void>;
}

const stayingConnections = 20;
const staysSendEveryMs = 200;
const visitEveryMs = 100;
const saveEveryMs = 3000;
/** Every so many saves the manifest is saved too. */
const savesPerManifest = 10;
const longestEchoMs = 20_000;

/** Connects, sends, drops, resets and saves, as evenly as it can, until it is stopped. */
export function startTraffic(options: {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly folder: TemporaryFolder;
}): Traffic {
  const { url, webSocketUrl, folder } = options;
  const counts = { messages: 0, connections: 0, saves: 0 };
  const faults: string[] = [];
  const visits = new Set<Promise<void>>();
  let isResting = false;
  let isOver = false;
  const mayGoOn = () => !isOver;

  async function open(): Promise<WebSocket> {
    const socket = new WebSocket(webSocketUrl, { perMessageDeflate: false });
    socket.on('error', () => {}); // Some of these connections are cut off on purpose.
    await once(socket, 'open');
    counts.connections += 1;
    return socket;
  }

  /** One message and its echo, which may have come from any version of the handler. */
  async function echo(socket: WebSocket): Promise<void> {
    const number = (counts.messages += 1);
    const late = setTimeout(() => socket.terminate(), longestEchoMs);
    let last = 'nothing';
    const answered = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        last = data.toString('utf8');
        const { number: echoed }: { readonly number?: number } = JSON.parse(last);
        if (echoed === number) resolve();
      });
      socket.once('close', (code) => {
        faults.push(`Message ${number} had no echo but ${last}, and then ${code}.`);
        resolve();
      });
    });
    socket.send(JSON.stringify({ number }));
    await answered;
    clearTimeout(late);
    socket.removeAllListeners('message').removeAllListeners('close');
  }

  async function stay(): Promise<void> {
    const socket = await open();
    while (mayGoOn() && socket.readyState === WebSocket.OPEN) {
      // oxlint-disable-next-line no-await-in-loop -- one message at a time
      await Promise.all([isResting ? undefined : echo(socket), pause(staysSendEveryMs)]);
    }
    socket.terminate();
  }

  /** A client that comes, and goes in one of the ways in which clients go. */
  async function visit(number: number): Promise<void> {
    const socket = await open();
    await echo(socket);
    if (number % 20 === 7) socket.send('{"action":"fail"}');
    if (number % 200 === 11) socket.send('{"action":"exit"}');
    if (number % 5 === 0) socket.send(Buffer.from([1]));
    else if (number % 5 === 1) socket.terminate();
    else socket.close(1000);
    if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
    const [page, file] = await Promise.all([fetch(url), fetch(`${url}/_static/app.js`)]);
    await Promise.all([page.arrayBuffer(), file.arrayBuffer()]);
    if (!page.ok || !file.ok) faults.push(`HTTP answered ${page.status} and ${file.status}.`);
  }

  function startVisit(number: number): void {
    const visited = visit(number)
      .catch((error: unknown) => void faults.push(`A visit failed: ${String(error)}`))
      .finally(() => visits.delete(visited));
    visits.add(visited);
  }

  async function comeAndGo(): Promise<void> {
    for (let number = 0; mayGoOn(); number += 1) {
      if (!isResting) startVisit(number);
      // oxlint-disable-next-line no-await-in-loop -- evenly
      await pause(visitEveryMs);
    }
    await Promise.all(visits);
  }

  /** As editors save: what is read in between is the old text or the new one, never a part of it. */
  async function replace(file: string, text: string): Promise<void> {
    const unfinished = join(folder.path, `${file}.unfinished`);
    await writeFile(unfinished, text);
    await rename(unfinished, join(folder.path, file));
  }

  /** Every function anew, so that none keeps the processes that a busy moment has started. */
  async function saveAll(): Promise<void> {
    const files = Object.keys(soakApp).filter((file) => file.endsWith('index.js'));
    await save();
    await Promise.all(
      files
        .filter((file) => file !== handlerFile)
        .map(async (file) => replace(file, `${soakApp[file] ?? ''}exports.version = ${counts.saves}\n`)),
    );
  }

  async function save(): Promise<void> {
    counts.saves += 1;
    await replace(handlerFile, handlerText(counts.saves));
    if (counts.saves % savesPerManifest === 0) {
      await replace(manifestFile, manifestText(counts.saves / savesPerManifest));
    }
  }

  async function keepSaving(): Promise<void> {
    while (mayGoOn()) {
      // oxlint-disable no-await-in-loop -- one save after the other
      await pause(saveEveryMs);
      if (!isResting && mayGoOn()) await save();
      // oxlint-enable no-await-in-loop
    }
  }

  const stays = Array.from({ length: stayingConnections }, stay);
  const all = Promise.all([...stays, comeAndGo(), keepSaving()]);
  return {
    counts: () => ({ ...counts }),
    faults: () => faults,
    async rest() {
      isResting = true;
      await Promise.all(visits);
      await saveAll();
    },
    resume: () => void (isResting = false),
    async stop() {
      isOver = true;
      await all;
    },
  };
}
