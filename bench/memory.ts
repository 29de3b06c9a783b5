import { setTimeout as delay } from 'node:timers/promises';
import { ask, openConnection } from './connection.ts';
import { echoText } from './echo.ts';
import type { Figure } from './figure.ts';
import { textFrame } from './frames.ts';
import { workerd } from './other-peers.ts';
import { furrow, furrowEcho, raw, type Peer } from './peers.ts';
import { settle, treeMemory, type Memory } from './process-tree.ts';
import { compare, inTurn, type Row } from './row.ts';

const megabyte = 1024 * 1024;

const isHandler = ({ command }: Memory) => command.includes('bootstrap');

/** What processes have grown by that were there before; a handler's process that started meanwhile is no connection's. */
function grownBytes(before: readonly Memory[], after: readonly Memory[]): number {
  return before.reduce((sum, { pid, rssBytes }) => {
    const now = after.find((memory) => memory.pid === pid);
    return sum + (now === undefined ? 0 : now.rssBytes - rssBytes);
  }, 0);
}

/**
 * What a server grows by with so many connections that have nothing to say.
 *
 * Handlers' processes hold nothing of a connection. They grow by some megabytes with their first thousand events, whatever
 * comes after, because V8 compiles what runs often: with one `connect` for each connection that is counted apart.
 */
const connections: Row = {
  id: 'connection-memory',
  about: 'memory per idle connection',
  async run(context) {
    const { client, isQuick } = context;
    const count = isQuick ? 1000 : 10_000;
    const compared = await compare(context, {
      subjects: [raw, workerd, furrowEcho],
      // What has been freed stays with a process, so each round has a new one.
      isFresh: true,
      rounds: Math.min(3, context.rounds),
      async warmUp({ url }) {
        await client.ask('hold', { url, count: 200 });
        await client.ask('hold', { url, count: 0 });
      },
      async measure({ url, pid }) {
        const before = await treeMemory(pid);
        await client.ask('hold', { url, count });
        await settle(pid);
        const after = await treeMemory(pid);
        await client.ask('hold', { url, count: 0 });
        const server = before.filter((memory) => !isHandler(memory));
        const kilobytes = (memories: readonly Memory[]) => grownBytes(memories, after) / count / 1024;
        return { server: kilobytes(server), all: kilobytes(before) };
      },
    });
    const { missing } = compared;
    const bounds = [{ subject: furrowEcho.name, against: raw.name, atMost: 1.5 }];
    const what = `memory per idle connection, of ${count.toLocaleString('en-US')}`;
    return [
      {
        what,
        unit: 'kB',
        series: compared.series(({ server }) => server),
        missing,
        bounds,
      },
      {
        what: `${what}, the handlers' processes included`,
        unit: 'kB',
        series: compared.series(({ all }) => all),
        missing,
        bounds,
      },
    ];
  },
};

/** With connect, disconnect, default and the page. */
const extraRoutes = 16;
const functions = extraRoutes + 4;
const rest = { normalMs: 5000, quickMs: 500 };

/** Gives each of the twenty functions one event. */
async function useAll({ url, httpUrl, pid }: Peer): Promise<void> {
  const connection = await openConnection(url);
  const numbers = Array.from({ length: extraRoutes }, (_, index) => index + 1);
  const texts = [echoText, ...numbers.map((number) => JSON.stringify({ action: `route${number}` }))];
  await inTurn(texts, (text) => ask(connection, textFrame(text)));
  await (await fetch(httpUrl)).text();
  connection.drop();
  await settle(pid);
}

const environments: Row = {
  id: 'environment-memory',
  about: `memory of an idle app of ${functions} functions, each used once`,
  async run(context) {
    const app = furrow({ base: 'echo', extraRoutes });
    const compared = await compare(context, {
      subjects: [app],
      isFresh: true,
      rounds: Math.min(3, context.rounds),
      warmUp: useAll,
      async measure({ pid }) {
        await delay(context.isQuick ? rest.quickMs : rest.normalMs);
        const all = await treeMemory(pid);
        const handlers = all.filter(isHandler);
        const sum = (of: 'rssBytes' | 'pssBytes', memories: typeof all) =>
          memories.reduce((total, memory) => total + memory[of], 0) / megabyte;
        return {
          environmentRss: sum('rssBytes', handlers) / handlers.length,
          environmentPss: sum('pssBytes', handlers) / handlers.length,
          allRss: sum('rssBytes', all),
          allPss: sum('pssBytes', all),
        };
      },
    });
    type Kind = 'environmentRss' | 'environmentPss' | 'allRss' | 'allPss';
    const figure = (what: string, kind: Kind, atMost?: number): Figure => ({
      what,
      unit: 'MB',
      series: compared.series((value) => value[kind]),
      missing: compared.missing,
      bounds: atMost === undefined ? [] : [{ subject: app.name, atMost }],
    });
    return [
      figure('memory per idle environment, resident (RSS)', 'environmentRss', 45),
      figure('memory per idle environment, its share (PSS)', 'environmentPss'),
      figure(`an idle app of ${functions} functions in all (PSS)`, 'allPss', 250),
      figure(`an idle app of ${functions} functions, RSS of its processes added`, 'allRss'),
    ];
  },
};

export const memoryRows: readonly Row[] = [connections, environments];
