// What page and functions say to each other.

/** What can be voted for. */
export const drinks = ['tea', 'coffee', 'water'] as const

export type Drink = (typeof drinks)[number]

/** From a page: `{ "action": "vote", "drink": "tea" }`. */
export interface Vote {
  action: 'vote'
  drink: Drink
}

/** To every page: how many hands are up for each drink. */
export interface Tally {
  type: 'tally'
  hands: Record<Drink, number>
}

/** Reads what a client sent, which may be anything. */
export function readVote(body: string): Vote | undefined {
  let message: Partial<Vote> | null = JSON.parse(body)
  let drink = drinks.find((one) => one === message?.drink)
  return drink && { action: 'vote', drink }
}
