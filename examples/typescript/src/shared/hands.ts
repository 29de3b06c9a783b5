import arc from '@architect/functions'
import type { Drink, Tally } from '@architect/shared/messages'

/** An item of the table "connections": an open page. */
interface Connection {
  id: string
  /** What it has put its hand up for, once it has. */
  drink?: Drink
  /** Ten minutes after API Gateway has ended the connection, in seconds. */
  expires: number
}

let table = async () => (await arc.tables<{ connections: Connection }>()).connections

/** Keeps a page and its vote. It may vote again: it has one hand. */
export async function keep({ id, connectedAt, drink }: { id: string; connectedAt: number; drink?: Drink }) {
  let connections = await table()
  await connections.put({ id, drink, expires: Math.ceil(connectedAt / 1000) + (2 * 60 + 10) * 60 })
}

export async function remove(id: string) {
  let connections = await table()
  await connections.delete({ id })
}

/** Counts and tells every page. Who has gone without a word is forgotten, and what is left is counted again. */
export async function announce() {
  let connections = await table()
  let goneCount
  do {
    let at = Date.now()
    let pages = await connections.scanAll({ ConsistentRead: true })
    let payload: Tally = { type: 'tally', hands: count(pages), at }
    let { gone } = await arc.ws.send({ id: pages.map(({ id }) => id), payload })
    await Promise.all(gone.map(remove))
    goneCount = gone.length
  } while (goneCount > 0)
}

function count(pages: Connection[]): Tally['hands'] {
  let hands = { tea: 0, coffee: 0, water: 0 }
  for (let { drink } of pages) if (drink) hands[drink] += 1
  return hands
}
