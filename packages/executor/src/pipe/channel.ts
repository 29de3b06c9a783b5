import type { ManagementAnswer, ManagementRequest, SendManyAnswer, SendManyRequest } from '@furrow/protocol';
import type { Batch } from './batch.ts';
import { maxRepeatedBytes, noAnswer, sendBits, toParent, type FrameWriter } from './codec.ts';

/** The connection of a running event while it is known to be open, and how much may go to it unconfirmed. */
export interface OpenConnection {
  openConnectionId: string;
  unconfirmedBytesLeft: number;
}

type Request = ManagementRequest | SendManyRequest;
type Answer = ManagementAnswer | SendManyAnswer;

/** How handlers reach the connections of the app: frames to the executor, and its answers. */
export interface Channel {
  /** What is sure to be done is answered at once. */
  manage(request: Request): Answer | Promise<Answer>;
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

export function createChannel({ batch, current, onWaiting }: ChannelOptions): Channel {
  const answers = new Map<number, (answer: Answer) => void>();
  let operations = 0;
  /** The payload of the last send, which an equal one that follows it does not carry again. */
  let lastData: Buffer | undefined;
  /** The same of the last list: a room gets several messages in a row. */
  let lastIds: readonly string[] = [];

  /** Whether a request is sure to be taken, so that nobody waits for the answer. */
  function isUnconfirmed(request: Request): boolean {
    const own = current();
    if (own === undefined || own.openConnectionId === '' || request.type === 'sendMany') return false;
    if (own.openConnectionId !== request.connectionId) return false;
    if (request.type === 'close') own.openConnectionId = '';
    if (request.type !== 'send') return false;
    own.unconfirmedBytesLeft -= request.data.length;
    return own.unconfirmedBytesLeft >= 0;
  }

  function writeSend(frame: FrameWriter, data: Buffer, writeIds: () => void, bits: number): void {
    const isRepeated = lastData?.equals(data) === true;
    frame.uint8(isRepeated ? bits | sendBits.repeated : bits);
    writeIds();
    if (isRepeated) return;
    frame.bytes(data);
    lastData = data.length > maxRepeatedBytes ? undefined : data;
  }

  function write(frame: FrameWriter, request: Request): void {
    if (request.type === 'sendMany') {
      const { connectionIds } = request;
      const isSame = isSameList(lastIds, connectionIds);
      lastIds = connectionIds;
      const writeIds = () => {
        if (isSame) return;
        frame.uint32(connectionIds.length);
        for (const connectionId of connectionIds) writeId(frame, connectionId);
      };
      writeSend(frame, request.data, writeIds, isSame ? sendBits.many | sendBits.sameIds : sendBits.many);
    } else if (request.type === 'send') {
      writeSend(frame, request.data, () => writeId(frame, request.connectionId), 0);
    } else writeId(frame, request.connectionId);
  }

  function ask(request: Request): Answer | Promise<Answer> {
    const needsAnswer = !isUnconfirmed(request);
    if (needsAnswer) operations = (operations % 0xffff_ffff) + 1;
    const operation = needsAnswer ? operations : noAnswer;
    batch.push(toParent[request.type === 'sendMany' ? 'send' : request.type], (frame) => {
      frame.uint32(operation);
      write(frame, request);
    });
    if (!needsAnswer) return done;
    if (answers.size === 0) onWaiting(true);
    return new Promise((resolve) => answers.set(operation, resolve));
  }

  return {
    manage(request) {
      if (request.type === 'sendMany')
        return request.data.length > maxRequestBytes ? allTooLarge(request) : askInParts(request, ask);
      if (request.type === 'send' && request.data.length > maxRequestBytes) {
        return { type: 'refused', refusal: 'tooLarge' };
      }
      return ask(request);
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

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}

function writeId(frame: FrameWriter, connectionId: string): void {
  // No id that a gateway makes is longer.
  const id = connectionId.length > maxIdLength ? connectionId.slice(0, maxIdLength) : connectionId;
  frame.uint8(Buffer.byteLength(id));
  frame.text(id);
}

async function allTooLarge({ connectionIds }: SendManyRequest): Promise<SendManyAnswer> {
  return { type: 'sentMany', refused: connectionIds.map((_, index) => ({ index, refusal: 'tooLarge' })) };
}

/** All parts are on their way when this returns. */
async function askInParts(
  request: SendManyRequest,
  ask: (request: SendManyRequest) => Answer | Promise<Answer>,
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
