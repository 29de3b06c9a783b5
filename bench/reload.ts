import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { routeFile, writeApp } from './apps.ts';
import { ask, openConnection, type Connection } from './connection.ts';
import { textFrame } from './frames.ts';
import { furrowEcho, startFurrow } from './peers.ts';
import { settle } from './process-tree.ts';
import type { Row } from './row.ts';

/** With connect, disconnect, default and the page: an app of twenty functions. */
const extraRoutes = 16;
const functions = extraRoutes + 4;
const pauseMs = 2;
const mostMs = 10_000;

function source(version: number): string {
  return `let arc = require('@architect/functions');

exports.handler = async function tell(event) {
  await arc.ws.send({ id: event.requestContext.connectionId, payload: 'version ${version}' });
  return { statusCode: 200 };
};
`;
}

/** Milliseconds from the begin of saving to the first answer of the new code, on a connection that stays. */
async function reloadMs(connection: Connection, file: string, version: number): Promise<number> {
  const frame = textFrame(JSON.stringify({ action: 'route1' }));
  const startedAt = performance.now();
  await writeFile(file, source(version));
  while (performance.now() - startedAt < mostMs) {
    // oxlint-disable-next-line no-await-in-loop -- asks until the answer is a new one
    if ((await ask(connection, frame)) === `version ${version}`) return performance.now() - startedAt;
    // Asking all the time would take a core from what builds.
    // oxlint-disable-next-line no-await-in-loop
    await delay(pauseMs);
  }
  throw new Error(`The old code still answered after ${mostMs / 1000} s.`);
}

const reload: Row = {
  id: 'reload',
  about: `saving a file to the first event on new code, in an app of ${functions} functions`,
  async run(context) {
    const saves = context.isQuick ? 3 : context.rounds * 4;
    await using app = await writeApp({ base: 'echo', extraRoutes });
    await using peer = await startFurrow(app.folder);
    const connection = await openConnection(peer.url);
    const file = routeFile(app.folder, 1);
    const values: number[] = [];
    for (let version = 0; version <= saves; version += 1) {
      context.progress(`save ${version} of ${saves}`);
      // oxlint-disable-next-line no-await-in-loop -- one save after the other
      await settle(peer.pid);
      // oxlint-disable-next-line no-await-in-loop
      values.push(await reloadMs(connection, file, version));
    }
    connection.drop();
    return [
      {
        what: `saving a file to the first event on new code, ${functions} functions`,
        unit: 'ms',
        // The first save is before everything is warm; nobody saves as soon as it has started.
        series: [{ name: furrowEcho.name, values: values.slice(1) }],
        missing: [],
        bounds: [{ subject: furrowEcho.name, atMost: 100 }],
      },
    ];
  },
};

export const reloadRows: readonly Row[] = [reload];
