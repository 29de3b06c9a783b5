import type { ManagementAnswer, ManagementRequest, SendManyAnswer } from '@furrow/protocol';
import type { Batch } from './batch.ts';
import { maxRepeatedBytes, noAnswer, sendBits, toChild } from './codec.ts';

/** Answers what a handler asks of connections: at once where the connection is this node's own. It MUST NOT reject. */
export type Manage = (request: ManagementRequest) => ManagementAnswer | Promise<ManagementAnswer>;

type Reply = ManagementAnswer | SendManyAnswer;

const none: Buffer = Buffer.alloc(0);

/** Reads what one handler process asks of connections. */
export interface ManagementReader {
  read(type: ManagementRequest['type'], payload: Buffer): void;
  /** Nothing more is there to be read now: answers that waited for others are written. */
  writeAnswers(): void;
}

/** Answers go into the batch in the order of their requests, where they are known at once. */
export function createManagementReader(batch: Batch, manage: Manage): ManagementReader {
  /** The payload of the last send: equal ones that follow it are the same buffer, so that they are encoded once. */
  let lastData: Buffer = none;
  let lastIds: readonly string[] = [];

  /** Operations that follow each other and are done: a handler's loop makes thousands, and one frame answers them all. */
  let firstDone = noAnswer;
  let doneCount = 0;

  function writeAnswers(): void {
    if (doneCount === 0) return;
    const count = doneCount;
    doneCount = 0;
    batch.push(toChild.answer, (frame) => {
      frame.uint32(firstDone);
      frame.uint8(0);
      frame.uint32(count);
    });
  }

  function answerDone(operation: number): void {
    if (operation !== firstDone + doneCount) {
      writeAnswers();
      firstDone = operation;
    }
    doneCount += 1;
  }

  function answer(operation: number, reply: Reply): void {
    if (reply.type === 'done' || (reply.type === 'sentMany' && reply.refused.length === 0)) {
      answerDone(operation);
      return;
    }
    // A handler awaits its sends in their order, so a refusal must not come before those that went well.
    writeAnswers();
    batch.push(toChild.answer, (frame) => {
      frame.uint32(operation);
      frame.uint8(1);
      frame.text(JSON.stringify(reply));
    });
  }

  async function answerLater(operation: number, reply: Promise<Reply>): Promise<void> {
    answer(operation, await reply);
    writeAnswers();
  }

  function idsOf(payload: Buffer, bits: number): ReadIds {
    if ((bits & sendBits.many) === 0) return readIds(payload, 5, 1);
    if ((bits & sendBits.sameIds) !== 0) return { connectionIds: lastIds, end: 5 };
    return readIds(payload, 9, payload.readUInt32LE(5));
  }

  function send(payload: Buffer): Reply | Promise<Reply> {
    const bits = payload.readUInt8(4);
    const isMany = (bits & sendBits.many) !== 0;
    const { connectionIds, end } = idsOf(payload, bits);
    if (isMany) lastIds = connectionIds;
    const isRepeated = (bits & sendBits.repeated) !== 0;
    const data = isRepeated ? lastData : payload.subarray(end);
    if (!isRepeated) lastData = data.length > maxRepeatedBytes ? none : data;
    if (!isMany) return manage({ type: 'send', connectionId: connectionIds[0] ?? '', data });
    return refusedOf(connectionIds.map((connectionId) => manage({ type: 'send', connectionId, data })));
  }

  return {
    read(type, payload) {
      const operation = payload.readUInt32LE(0);
      const reply =
        type === 'send' ? send(payload) : manage({ type, connectionId: readIds(payload, 4, 1).connectionIds[0] ?? '' });
      if (operation === noAnswer) return;
      if (reply instanceof Promise) void answerLater(operation, reply);
      else answer(operation, reply);
    },
    writeAnswers,
  };
}

interface ReadIds {
  readonly connectionIds: readonly string[];
  /** Where what follows them begins. */
  readonly end: number;
}

function readIds(payload: Buffer, start: number, count: number): ReadIds {
  const connectionIds: string[] = [];
  let end = start;
  for (let index = 0; index < count; index += 1) {
    const next = end + 1 + payload.readUInt8(end);
    connectionIds.push(payload.toString('latin1', end + 1, next));
    end = next;
  }
  return { connectionIds, end };
}

/** At once where every answer came at once. */
function refusedOf(replies: readonly (ManagementAnswer | Promise<ManagementAnswer>)[]): Reply | Promise<Reply> {
  if (replies.every(isSettled)) return sentMany(replies);
  return Promise.all(replies.map((reply) => Promise.resolve(reply))).then(sentMany);
}

function isSettled(reply: ManagementAnswer | Promise<ManagementAnswer>): reply is ManagementAnswer {
  return !(reply instanceof Promise);
}

function sentMany(replies: readonly ManagementAnswer[]): SendManyAnswer {
  const refused = replies.flatMap((reply, index) =>
    reply.type === 'refused' ? [{ index, refusal: reply.refusal }] : [],
  );
  return { type: 'sentMany', refused };
}
