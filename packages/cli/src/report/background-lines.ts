import type { BackgroundRun } from '@furrow/sandbox';

/** What the line of such a run says: `event likes  ok`. Pure. */
export function backgroundLine({ label, count, attempt, failed }: BackgroundRun) {
  const many = count === 1 ? '' : `${count} messages`;
  const again = attempt === 1 ? '' : `attempt ${attempt}`;
  return {
    route: label,
    outcome: failed === 0 ? 'ok' : 'error',
    detail: [many, again].filter((part) => part !== '').join(', '),
  };
}

/** What becomes of messages that a function did not take. Pure. */
export function backgroundNotes({ count, failed, againInMs, givenUp }: BackgroundRun): readonly string[] {
  const which = (number: number) => (count === 1 ? 'it' : `${number} of ${count} messages`);
  const wait = againInMs === undefined ? '' : `${againInMs / 1000} s`;
  return [
    ...(againInMs === undefined ? [] : [`${which(failed - givenUp)} comes again in ${wait}; AWS waits longer`]),
    ...(givenUp === 0 ? [] : [`${which(givenUp)} is given up`]),
  ];
}
