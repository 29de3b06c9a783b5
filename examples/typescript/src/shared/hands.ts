import { isDeepStrictEqual } from 'node:util';
import arc from '@architect/functions';
import type { Drink, Tally } from '@architect/shared/messages';

/** An item of the table "connections": an open page. */
interface Connection {
  id: string;
  /** What it has put its hand up for, once it has. */
  drink?: Drink;
  /** Ten minutes after API Gateway has ended the connection, in seconds. */
  expires: number;
}

let table = async () => (await arc.tables<{ connections: Connection }>()).connections;

/** Keeps a page and its vote. It may vote again: it has one hand. */
export async function keep({ id, connectedAt, drink }: { id: string; connectedAt: number; drink?: Drink }) {
  let connections = await table();
  await connections.put({ id, drink, expires: Math.ceil(connectedAt / 1000) + (2 * 60 + 10) * 60 });
}

export async function remove(id: string) {
  let connections = await table();
  await connections.delete({ id });
}

/**
 * Counts and tells every page, again until nobody has come, gone or voted meanwhile: an older count that arrives after a
 * newer one is noticed by whoever sent it. Who has gone without a word is forgotten.
 */
export async function announce() {
  let pages = await listPages();
  let told;
  do {
    told = pages;
    let payload: Tally = { type: 'tally', hands: count(told) };
    let { gone } = await arc.ws.send({ id: told.map(({ id }) => id), payload });
    await Promise.all(gone.map(remove));
    pages = await listPages();
  } while (!isDeepStrictEqual(pages, told));
}

async function listPages() {
  let connections = await table();
  return connections.scanAll({ ConsistentRead: true });
}

function count(pages: Connection[]): Tally['hands'] {
  let hands = { tea: 0, coffee: 0, water: 0 };
  for (let { drink } of pages) if (drink) hands[drink] += 1;
  return hands;
}
