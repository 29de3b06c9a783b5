import { setTimeout as delay } from 'node:timers/promises';
import { openConnections, type Connection } from './connection.ts';
import { textFrame } from './frames.ts';
import { quantile } from './statistics.ts';

/** Where, and what is sent. */
interface Target {
  readonly url: string;
  readonly text: string;
}

interface LoadResult {
  readonly perSecond: number;
  readonly p99Ms: number;
}

const answerTimeoutMs = 20_000;
const openingBrace = 0x7b;

/** The median of milliseconds from sending to the echo's arrival, one message at a time. */
async function roundTripMs({ url, text, count, maxMs }: Target & { count: number; maxMs: number }): Promise<number> {
  return withConnections(url, 1, async ([connection]) => {
    if (connection === undefined) throw new Error('Expected one connection.');
    const frame = textFrame(text);
    const times: number[] = [];
    const startedAt = performance.now();
    while (times.length < count && performance.now() - startedAt < maxMs) {
      const sentAt = performance.now();
      // One at a time is what is measured.
      // oxlint-disable-next-line no-await-in-loop
      await answers([connection], 1, () => connection.write(frame));
      times.push(performance.now() - sentAt);
    }
    return quantile(times, 0.5);
  });
}

/**
 * Echoes for so long, `inFlight` of them on the way at any time, each on the connection whose turn it is.
 *
 * With as many in flight as there are connections each has one message on the way.
 */
async function load(options: Target & { connections: number; inFlight: number; durationMs: number }) {
  return withConnections(options.url, options.connections, async (connections): Promise<LoadResult> => {
    const frame = textFrame(options.text);
    const echoBytes = Buffer.byteLength(options.text);
    const times: number[] = [];
    const sentAt = new Float64Array(connections.length);
    let isOver = false;
    let next = 0;
    const send = (index: number) => {
      sentAt[index] = performance.now();
      connections[index]?.write(frame);
    };
    // With all connections in flight the one that was answered is the one that is free.
    const isEach = options.inFlight >= connections.length;
    for (const [index, connection] of connections.entries()) {
      connection.onText = ({ length }) => {
        if (isOver) return;
        // An error frame is an answer, but no echo.
        if (length === echoBytes) times.push(performance.now() - (sentAt[index] ?? 0));
        send(isEach ? index : next);
        next = (next + 1) % connections.length;
      };
    }
    const startedAt = performance.now();
    for (let index = 0; index < Math.min(options.inFlight, connections.length); index += 1) send(index);
    next = options.inFlight % connections.length;
    await delay(options.durationMs);
    isOver = true;
    if (times.length === 0) throw new Error(`No echo came within ${options.durationMs} ms.`);
    const perSecond = (times.length / (performance.now() - startedAt)) * 1000;
    return { perSecond, p99Ms: quantile(times, 0.99) };
  });
}

/** Messages that reach clients in a second, when each of `triggers` messages makes the server send `deliveries`. */
async function deliveriesPerSecond(
  options: Target & { connections: number; deliveries: number; triggers: number },
): Promise<number> {
  return withConnections(options.url, options.connections, async (connections) => {
    const frame = textFrame(options.text);
    const trigger = () => connections[0]?.write(frame);
    // One after the other: the next begins when the last client has its message.
    const repeat = async (count: number) => {
      // oxlint-disable-next-line no-await-in-loop
      for (let done = 0; done < count; done += 1) await answers(connections, options.deliveries, trigger);
    };
    // The first makes the handler read who is in the room, and all of them make it warm.
    await repeat(Math.ceil(options.triggers / 4));
    const startedAt = performance.now();
    await repeat(options.triggers);
    return (options.triggers * options.deliveries * 1000) / (performance.now() - startedAt);
  });
}

/** Connections that are opened in a second, `inFlight` handshakes on the way. */
async function connectsPerSecond(options: { url: string; count: number; inFlight: number }): Promise<number> {
  const startedAt = performance.now();
  const connections = await openConnections(options.url, options.count, options.inFlight);
  const perSecond = (options.count * 1000) / (performance.now() - startedAt);
  dropAll(connections);
  return perSecond;
}

let held: readonly Connection[] = [];

/** Opens connections that stay, until the next call. */
async function hold({ url, count }: { url: string; count: number }): Promise<number> {
  dropAll(held);
  held = [];
  held = await openConnections(url, count);
  return held.length;
}

/** What the client's process can be asked to do. */
export const traffic = { roundTripMs, load, deliveriesPerSecond, connectsPerSecond, hold };

async function withConnections<Result>(
  url: string,
  count: number,
  use: (connections: readonly Connection[]) => Promise<Result>,
): Promise<Result> {
  const connections = await openConnections(url, count);
  try {
    return await use(connections);
  } finally {
    dropAll(connections);
  }
}

function dropAll(connections: readonly Connection[]): void {
  for (const connection of connections) {
    connection.onText = () => {};
    connection.drop();
  }
}

/** Resolves with the last of so many messages, whoever gets them. An error frame of API Gateway is a failure. */
function answers(connections: readonly Connection[], count: number, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let missing = count;
    const timer = setTimeout(
      () => reject(new Error(`${missing} of ${count} messages did not come within ${answerTimeoutMs / 1000} s.`)),
      answerTimeoutMs,
    );
    const onText = (payload: Buffer) => {
      if (payload[0] === openingBrace && payload.includes('Internal server error')) {
        clearTimeout(timer);
        reject(new Error(`The handler failed: ${payload.toString()}`));
      }
      missing -= 1;
      if (missing > 0) return;
      clearTimeout(timer);
      resolve();
    };
    for (const connection of connections) connection.onText = onText;
    begin();
  });
}
