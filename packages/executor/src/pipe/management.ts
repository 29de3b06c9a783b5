import type { ManagementAnswer, ManagementRequest } from '@furrow/protocol';
import type { Batch } from './batch.ts';
import { noAnswer, toChild } from './codec.ts';

/** Answers what a handler asks of connections: at once where the connection is this node's own. It MUST NOT reject. */
export type Manage = (request: ManagementRequest) => ManagementAnswer | Promise<ManagementAnswer>;

/** Reads the requests of one handler process and writes the answers into its batch. */
export function createManagementReader(
  batch: Batch,
  manage: Manage,
): (type: ManagementRequest['type'], payload: Buffer) => void {
  function answer(operation: number, reply: ManagementAnswer): void {
    batch.push(toChild.answer, (frame) => {
      frame.uint32(operation);
      frame.uint8(reply.type === 'done' ? 0 : 1);
      if (reply.type !== 'done') frame.text(JSON.stringify(reply));
    });
  }

  async function answerLater(operation: number, reply: Promise<ManagementAnswer>): Promise<void> {
    answer(operation, await reply);
  }

  return (type, payload) => {
    const operation = payload.readUInt32LE(0);
    const end = 5 + payload.readUInt8(4);
    const connectionId = payload.toString('latin1', 5, end);
    const reply = manage({ type, connectionId, data: payload.subarray(end) });
    if (operation === noAnswer) return;
    if (reply instanceof Promise) void answerLater(operation, reply);
    else answer(operation, reply);
  };
}
