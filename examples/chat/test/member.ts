import { expect } from 'vitest';
import type { Connection } from '../../../test/support/connection.ts';

/** Longest wait for what a function does. */
export const patience = { timeout: 10_000 };

type Message = Readonly<Record<string, unknown>>;

/** Someone who has joined. */
export interface Member extends Omit<Connection, 'isOpen'> {
  /** The last message of a type. */
  readonly last: (type: string) => Message | undefined;
  /** The names of those who are here. */
  readonly people: () => unknown;
}

/** Says who a connection is, as the page does, and waits for the answer. */
export async function joinAs(connection: Connection, name: unknown): Promise<Member> {
  const received = () => connection.messages.map((message): Message => ({ ...Object(message) }));
  const last = (type: string) => received().findLast((message) => message['type'] === type);
  connection.send({ action: 'join', name });
  await expect.poll(() => last('joined'), patience).toBeDefined();
  return { ...connection, last, people: () => last('people')?.['people'] };
}
