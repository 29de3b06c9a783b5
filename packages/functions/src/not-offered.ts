import { errors } from './errors.ts';

/** A member of Architect's library that this one does not have yet: calling it or reading from it throws. */
export type NotOffered = (...input: never[]) => never;

/**
 * Makes a member that can be imported and passed on, and throws `NOT_OFFERED_YET` when it is used.
 *
 * Symbols and `then` stay quiet: printing a value and awaiting it look at those, and neither is a use.
 */
export function notOffered(member: string): NotOffered {
  const refuse = (): never => {
    throw errors.notOfferedYet(member);
  };
  return new Proxy<NotOffered>(refuse, {
    get: (_target, key) => (typeof key === 'symbol' || key === 'then' ? undefined : refuse()),
  });
}
