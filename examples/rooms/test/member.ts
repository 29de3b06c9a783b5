import { expect } from 'vitest';
import type { Connection } from '../../../test/support/connection.ts';

/** Longest wait for what a function does. */
export const patience = { timeout: 10_000 };

/** Joins a room, as the page does, and waits for who is there. */
export async function joinAs(connection: Connection, room: string, name: string) {
  const received = (type: string) =>
    connection.messages
      .map((message): Readonly<Record<string, unknown>> => ({ ...Object(message) }))
      .filter((message) => message['type'] === type);
  const people = () => received('people').at(-1)?.['people'];
  const joinRoom = () => connection.send({ action: 'join', room, name });
  joinRoom();
  await expect.poll(people, patience).toBeDefined();
  return {
    ...connection,
    joinRoom,
    people,
    lines: () => received('line').map(({ from, text }) => `${String(from)}: ${String(text)}`),
    lists: () => received('people').length,
  };
}
