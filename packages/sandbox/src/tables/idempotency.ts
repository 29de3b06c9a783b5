import { createHash } from 'node:crypto';
import { done, refused, type Members, type Outcome } from './outcome.ts';

/** What was done is not done again for so long. */
const rememberedMs = 10 * 60_000;

export interface Idempotency {
  /** What to answer without doing it; `undefined`: it has to be done. */
  known(input: Members): Outcome | undefined;
  /** To be called when it was done. */
  remember(input: Members): void;
}

/**
 * Knows transactions by their `ClientRequestToken`: an SDK that got no answer sends the same one again.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (read 2026-11)
 */
export function createIdempotency(now: () => number): Idempotency {
  const seen = new Map<string, { readonly digest: string; readonly untilMs: number }>();
  const forget = () => {
    for (const [token, { untilMs }] of seen) {
      // They were put in by age.
      if (untilMs > now()) return;
      seen.delete(token);
    }
  };
  return {
    known({ ClientRequestToken: token, ...rest }) {
      forget();
      const earlier = typeof token === 'string' ? seen.get(token) : undefined;
      if (earlier === undefined) return undefined;
      return earlier.digest === digestOf(rest)
        ? done({})
        : refused('IdempotentParameterMismatchException', 'The parameters differ from those of an earlier request.');
    },
    remember({ ClientRequestToken: token, ...rest }) {
      if (typeof token === 'string') seen.set(token, { digest: digestOf(rest), untilMs: now() + rememberedMs });
    },
  };
}

function digestOf(members: Members): string {
  return createHash('sha256').update(JSON.stringify(members)).digest('hex');
}
