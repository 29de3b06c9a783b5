import type {
  ChannelAnswer,
  ChannelRequest,
  HandlerChannel,
  ManagementAnswer,
  SendListener,
  SendManyAnswer,
  SendManyRequest,
} from '@furrow/protocol';
import type { Batch } from './batch.ts';
import { maxRepeatedBytes, noAnswer, sendBits, toParent, type FrameWriter } from './codec.ts';
import { createWaiting } from './waiting.ts';

/** The connection of a running event while it is known to be open, and how much may go to it unconfirmed. */
export interface OpenConnection {
  openConnectionId: string;
  unconfirmedBytesLeft: number;
}

/** How handlers reach the connections of the app: frames to the executor, and its answers. */
export interface Channel extends HandlerChannel {
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

/** Far above what any gateway takes, and far below what a frame holds. */
const maxRequestBytes = 8 * 1024 * 1024;
/** Of which each character takes at most three bytes, and all of them fit into one that says how many. */
const maxIdLength = 85;
/** A longer list goes in several frames. */
const maxIdsInFrame = 10_000;
const done: ManagementAnswer = { type: 'done' };
const tooLarge: ManagementAnswer = { type: 'refused', refusal: 'tooLarge' };
/** Operations are numbered from 1 to this, and again. */
const maxOperation = 0xffff_ffff;

export function createChannel({ batch, current, onWaiting }: ChannelOptions): Channel {
  const waiting = createWaiting<SendListener | ((answer: ChannelAnswer) => void)>();
  let operations = 0;
  /** The payload of the last send, which an equal one that follows it does not carry again. */
  let lastData: Buffer | undefined;
  /** The same of the last list: a room gets several messages in a row. */
  let lastIds: readonly string[] = [];

  /** Whether a send is sure to be taken, so that nobody waits for the answer. */
  function isUnconfirmed(connectionId: string, data: Buffer): boolean {
    const own = current();
    if (own === undefined || own.openConnectionId === '' || own.openConnectionId !== connectionId) return false;
    own.unconfirmedBytesLeft -= data.length;
    return own.unconfirmedBytesLeft >= 0;
  }

  /** A connection that its own event closes takes nothing more for sure. */
  function closes(connectionId: string): void {
    const own = current();
    if (own?.openConnectionId === connectionId) own.openConnectionId = '';
  }

  function nextOperation(): number {
    operations = nextBehind(operations);
    return operations;
  }

  /** `sendBits.repeated` when a payload is the last one again, otherwise 0. */
  function repeats(data: Buffer): number {
    return lastData === data || lastData?.equals(data) === true ? sendBits.repeated : 0;
  }

  function writeData(frame: FrameWriter, data: Buffer, repeated: number): void {
    if (repeated !== 0) return;
    frame.bytes(data);
    lastData = data.length > maxRepeatedBytes ? undefined : data;
  }

  function writeMany(frame: FrameWriter, { connectionIds, data }: SendManyRequest): void {
    const sameIds = isSameList(lastIds, connectionIds) ? sendBits.sameIds : 0;
    lastIds = connectionIds;
    const repeated = repeats(data);
    frame.uint8(sendBits.many | sameIds | repeated);
    if (sameIds === 0) {
      frame.uint32(connectionIds.length);
      for (const connectionId of connectionIds) writeId(frame, connectionId);
    }
    writeData(frame, data, repeated);
  }

  function ask(request: ChannelRequest): Promise<ChannelAnswer> {
    const operation = nextOperation();
    if (request.type === 'close') closes(request.connectionId);
    batch.push(toParent[request.type === 'sendMany' ? 'send' : request.type], (frame) => {
      frame.uint32(operation);
      if (request.type === 'sendMany') writeMany(frame, request);
      else writeId(frame, request.connectionId);
    });
    beginWaiting();
    return new Promise((resolve) => waiting.add(operation, resolve));
  }

  function beginWaiting(): void {
    if (waiting.count === 0) onWaiting(true);
  }

  function endWaiting(): void {
    if (waiting.count === 0) onWaiting(false);
  }

  function settle(operation: number, answer: ChannelAnswer): void {
    const waiter = waiting.take(operation);
    if (typeof waiter === 'function') waiter(answer);
    else waiter?.sent(answer.type === 'refused' ? answer.refusal : undefined);
  }

  return {
    manage(request) {
      if (request.type !== 'sendMany') return ask(request);
      return request.data.length > maxRequestBytes ? allTooLarge(request) : askInParts(request, ask);
    },
    send(connectionId, data) {
      if (data.length > maxRequestBytes) {
        const refused = nextOperation();
        queueMicrotask(() => {
          settle(refused, tooLarge);
          endWaiting();
        });
        return refused;
      }
      const operation = isUnconfirmed(connectionId, data) ? noAnswer : nextOperation();
      batch.push(toParent.send, (frame) => {
        frame.uint32(operation);
        const repeated = repeats(data);
        frame.uint8(repeated);
        writeId(frame, connectionId);
        writeData(frame, data, repeated);
      });
      return operation;
    },
    whenSent(operation, listener) {
      beginWaiting();
      waiting.add(operation, listener);
    },
    answered(payload) {
      let operation = payload.readUInt32LE(0);
      if (payload[4] === 0) {
        for (let left = payload.readUInt32LE(5); left > 0; left -= 1) {
          settle(operation, done);
          operation = nextBehind(operation);
        }
      } else settle(operation, JSON.parse(payload.toString('utf8', 5)));
      endWaiting();
    },
    get isWaiting() {
      return waiting.count > 0;
    },
  };
}

function nextBehind(operation: number): number {
  return (operation % maxOperation) + 1;
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}

function writeId(frame: FrameWriter, connectionId: string): void {
  // No id that a gateway makes is longer.
  frame.shortText(connectionId.length > maxIdLength ? connectionId.slice(0, maxIdLength) : connectionId);
}

async function allTooLarge({ connectionIds }: SendManyRequest): Promise<SendManyAnswer> {
  return { type: 'sentMany', refused: connectionIds.map((_, index) => ({ index, refusal: 'tooLarge' })) };
}

/** All parts are on their way when this returns. */
async function askInParts(
  request: SendManyRequest,
  ask: (request: SendManyRequest) => Promise<ChannelAnswer>,
): Promise<SendManyAnswer> {
  const { connectionIds } = request;
  const starts = Array.from(
    { length: Math.ceil(connectionIds.length / maxIdsInFrame) },
    (_, part) => part * maxIdsInFrame,
  );
  const answers = await Promise.all(
    starts.map(async (start) => {
      const answer = await ask({ ...request, connectionIds: connectionIds.slice(start, start + maxIdsInFrame) });
      const refused = answer.type === 'sentMany' ? answer.refused : [];
      return refused.map(({ index, refusal }) => ({ index: start + index, refusal }));
    }),
  );
  return { type: 'sentMany', refused: answers.flat() };
}
