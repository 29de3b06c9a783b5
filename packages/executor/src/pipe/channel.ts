import type { ManagementAnswer, ManagementRequest } from '@furrow/protocol';
import type { Batch } from './batch.ts';
import { noAnswer, toParent } from './codec.ts';

/** The connection of a running event while it is known to be open, and how much may go to it unconfirmed. */
export interface OpenConnection {
  openConnectionId: string;
  unconfirmedBytesLeft: number;
}

/** How handlers reach the connections of the app: frames to the executor, and its answers. */
export interface Channel {
  manage(request: ManagementRequest): Promise<ManagementAnswer>;
  answered(payload: Buffer): void;
  /** Whether an answer is on its way. */
  readonly isWaiting: boolean;
}

export interface ChannelOptions {
  readonly batch: Batch;
  /** Of the event that is running where this is called. */
  readonly current: () => OpenConnection | undefined;
  /** Told when an answer begins to be waited for, and when the last has come. */
  readonly onWaiting: (isWaiting: boolean) => void;
}

/** What one event may send to its own connection without asking; a client that does not read is then noticed. */
export const maxUnconfirmedBytes = 64 * 1024;
/** Far above what any gateway takes, and far below what a frame holds. */
const maxRequestBytes = 8 * 1024 * 1024;
const done: Promise<ManagementAnswer> = Promise.resolve({ type: 'done' });

export function createChannel({ batch, current, onWaiting }: ChannelOptions): Channel {
  const answers = new Map<number, (answer: ManagementAnswer) => void>();
  let operations = 0;

  /** Whether a request is sure to be taken, so that nobody waits for the answer. */
  function isUnconfirmed(request: ManagementRequest): boolean {
    const own = current();
    if (own === undefined || own.openConnectionId === '' || own.openConnectionId !== request.connectionId) return false;
    if (request.type === 'close') own.openConnectionId = '';
    if (request.type !== 'send') return false;
    own.unconfirmedBytesLeft -= request.data.length;
    return own.unconfirmedBytesLeft >= 0;
  }

  return {
    manage(request) {
      if (request.type === 'send' && request.data.length > maxRequestBytes) {
        return Promise.resolve({ type: 'refused', refusal: 'tooLarge' });
      }
      const needsAnswer = !isUnconfirmed(request);
      if (needsAnswer) operations = (operations % 0xffff_ffff) + 1;
      const operation = needsAnswer ? operations : noAnswer;
      const id = Buffer.from(request.connectionId, 'utf8').subarray(0, 255);
      batch.push(toParent[request.type], (frame) => {
        frame.uint32(operation);
        frame.uint8(id.length);
        frame.bytes(id);
        if (request.type === 'send') frame.bytes(request.data);
      });
      if (!needsAnswer) return done;
      if (answers.size === 0) onWaiting(true);
      return new Promise((resolve) => answers.set(operation, resolve));
    },
    answered(payload) {
      const operation = payload.readUInt32LE(0);
      const resolve = answers.get(operation);
      answers.delete(operation);
      if (answers.size === 0) onWaiting(false);
      if (payload[4] === 0) resolve?.({ type: 'done' });
      else resolve?.(JSON.parse(payload.toString('utf8', 5)));
    },
    get isWaiting() {
      return answers.size > 0;
    },
  };
}
