import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What every peer is asked to echo. */
const message = JSON.stringify({ text: 'hello' });

async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

/** Milliseconds from sending to the echo's arrival, one message at a time; sorted. */
export async function roundTrips(url: string, count: number): Promise<number[]> {
  const socket = await connect(url);
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAt = performance.now();
    socket.send(message);
    // One at a time is what is measured.
    // oxlint-disable-next-line no-await-in-loop
    await once(socket, 'message');
    times.push(performance.now() - startedAt);
  }
  socket.terminate();
  return times.toSorted((a, b) => a - b);
}

/** Echoes per second over several connections, each with one message on the way. */
export async function echoesPerSecond(url: string, connections: number, durationMs: number): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => connect(url)));
  let count = 0;
  let isOver = false;
  for (const socket of sockets) {
    socket.on('message', () => {
      count += 1;
      if (!isOver) socket.send(message);
    });
    socket.send(message);
  }
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  isOver = true;
  const perSecond = (count / (performance.now() - startedAt)) * 1000;
  for (const socket of sockets) socket.terminate();
  return perSecond;
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}
