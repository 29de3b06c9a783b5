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
export function backgroundNotes({ count, failed, againInMs = 0, givenUp }: BackgroundRun): readonly string[] {
  const say = (number: number, one: string, several: string) => {
    if (number === 0) return [];
    return [`${count === 1 ? 'it' : `${number} of ${count} messages`} ${number === 1 ? one : several}`];
  };
  const later = `again in ${againInMs / 1000} s; AWS waits longer`;
  return [...say(failed - givenUp, `comes ${later}`, `come ${later}`), ...say(givenUp, 'is given up', 'are given up')];
}
