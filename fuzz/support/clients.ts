import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A connection that was there before, and behaves. */
export interface Witness {
  /** Milliseconds until its echo came; `undefined` when none came in time. */
  readonly echo: (withinMs: number) => Promise<number | undefined>;
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

export async function openWitness(webSocketUrl: string): Promise<Witness> {
  const socket = new WebSocket(webSocketUrl, { perMessageDeflate: false });
  await once(socket, 'open');
  socket.on('error', () => {}); // Its end is seen by its echo.
  let count = 0;
  return {
    async echo(withinMs) {
      count += 1;
      const message = JSON.stringify({ action: 'witness', count });
      const startedAtMs = performance.now();
      const answered = new Promise<boolean>((resolve) => {
        const late = setTimeout(resolve, withinMs, false);
        socket.on('message', function take(data: Buffer) {
          if (data.toString('utf8') !== message) return;
          socket.off('message', take);
          clearTimeout(late);
          resolve(true);
        });
      });
      if (socket.readyState !== WebSocket.OPEN) return undefined;
      socket.send(message);
      return (await answered) ? performance.now() - startedAtMs : undefined;
    },
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.terminate(),
  };
}

/** A connection that attacks may write to and close. */
export interface Victim {
  /** Of the one that is open; opens another when the last was closed. */
  readonly id: () => Promise<string>;
  readonly close: () => void;
}

/** What an id looks like; for an app that does not tell any. */
const nobody = 'AAAAAAAAAAAAAAA=';
const idWithinMs = 2000;

export function createVictim(webSocketUrl: string): Victim {
  let socket: WebSocket | undefined;
  let id = nobody;

  async function open(): Promise<void> {
    socket = new WebSocket(webSocketUrl, { perMessageDeflate: false });
    socket.on('error', () => {}); // The next attack gets another one.
    id = await readId(socket);
  }

  return {
    async id() {
      if (socket?.readyState !== WebSocket.OPEN) await open();
      return id;
    },
    close: () => socket?.terminate(),
  };
}

/** The gateway's error frame names the connection. */
async function readId(socket: WebSocket): Promise<string> {
  const tooLate = AbortSignal.timeout(idWithinMs);
  try {
    await once(socket, 'open', { signal: tooLate });
    socket.send('{"action":"throw"}');
    const [data]: unknown[] = await once(socket, 'message', { signal: tooLate });
    return /"connectionId":"([^"]+)"/.exec(String(data))?.[1] ?? nobody;
  } catch {
    // Whether the target is well is the witness's to say.
    return nobody;
  }
}
