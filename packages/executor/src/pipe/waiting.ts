/**
 * Who waits for which operation. Operations are numbered in their order and answered in nearly the same, so a list does:
 * a handler's loop over a room has thousands waiting, and a map was nearly half of what they cost. While one waits, the places
 * of all that came after it are kept: eight bytes each.
 */
export interface Waiting<Waiter extends object> {
  /** Numbers come in their order. */
  add(operation: number, waiter: Waiter): void;
  /** Whoever waits for it waits no more. */
  take(operation: number): Waiter | undefined;
  readonly count: number;
}

/** So many places of those who wait no more are kept for nothing. */
const mostEmpty = 1024;

export function createWaiting<Waiter extends object>(): Waiting<Waiter> {
  let waiters: (Waiter | undefined)[] = [];
  /** The operation of the first place. */
  let first = 0;
  /** Nobody waits in the places before this one. */
  let head = 0;
  let count = 0;

  /** Numbers begin anew behind the highest one. */
  const placeOf = (operation: number) => (operation - first) >>> 0;

  function trim(): void {
    while (head < waiters.length && waiters[head] === undefined) head += 1;
    if (head < mostEmpty || head * 2 < waiters.length) return;
    waiters = waiters.slice(head);
    first = (first + head) >>> 0;
    head = 0;
  }

  return {
    add(operation, waiter) {
      if (count === 0) {
        waiters = [];
        first = operation;
        head = 0;
      }
      count += 1;
      waiters[placeOf(operation)] = waiter;
    },
    take(operation) {
      const place = placeOf(operation);
      const waiter = waiters[place];
      if (waiter === undefined) return undefined;
      waiters[place] = undefined;
      count -= 1;
      if (place === head) trim();
      return waiter;
    },
    get count() {
      return count;
    },
  };
}
