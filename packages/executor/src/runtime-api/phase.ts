/** Where the process of one environment stands in its talk with the Runtime API. */
export type Phase =
  /** It loads, and has not asked for an event yet. */
  | { readonly type: 'starting' }
  /** It has asked for an event and waits. */
  | { readonly type: 'waiting' }
  | { readonly type: 'running'; readonly requestId: string }
  /** It has answered its event, and has not asked for another. */
  | { readonly type: 'answered'; readonly requestId: string }
  /** It has said that it cannot load. */
  | { readonly type: 'failed' };

/** What a process may say to the Runtime API. */
export type Call =
  | { readonly type: 'next' }
  | { readonly type: 'response'; readonly requestId: string }
  | { readonly type: 'error'; readonly requestId: string }
  | { readonly type: 'initError' };

/** `wait` until there is an event; `taken` is 202; the others are refusals. */
export type Reply = 'wait' | 'taken' | 'tooLarge' | 'wrongId' | 'wrongState';

export interface Step {
  readonly phase: Phase;
  readonly reply: Reply;
}

/**
 * What a call means in a phase, as Lambda decides it (facts H16, H17). Decides; never acts.
 *
 * ```
 * starting --next--> waiting --(an event)--> running --response, error--> answered --next--> waiting
 *    \--init/error--> failed
 * ```
 *
 * @param isTooLarge whether the body of the call is longer than a result may be. It is an answer all the same.
 */
export function step(phase: Phase, call: Call, isTooLarge = false): Step {
  switch (call.type) {
    case 'next':
      // Who asks once more has given up its first question.
      return phase.type === 'running' || phase.type === 'failed'
        ? { phase, reply: 'wrongState' }
        : { phase: { type: 'waiting' }, reply: 'wait' };
    case 'initError':
      return phase.type === 'starting' ? { phase: { type: 'failed' }, reply: 'taken' } : { phase, reply: 'wrongState' };
    case 'response':
    case 'error':
      return answer(phase, call, isTooLarge);
    default:
      return call satisfies never;
  }
}

/** An id is looked at first: one that is not the event's is wrong in every phase. */
function answer(phase: Phase, { requestId }: { readonly requestId: string }, isTooLarge: boolean): Step {
  const known = phase.type === 'running' || phase.type === 'answered' ? phase.requestId : undefined;
  if (known !== requestId) return { phase, reply: 'wrongId' };
  if (phase.type !== 'running') return { phase, reply: 'wrongState' };
  return { phase: { type: 'answered', requestId }, reply: isTooLarge ? 'tooLarge' : 'taken' };
}

const root = '/2018-06-01/runtime/';
const calls: readonly (readonly [string, RegExp, (requestId: string) => Call])[] = [
  ['GET', /^invocation\/next$/, () => ({ type: 'next' })],
  ['POST', /^invocation\/([^/]+)\/response$/, (requestId) => ({ type: 'response', requestId })],
  ['POST', /^invocation\/([^/]+)\/error$/, (requestId) => ({ type: 'error', requestId })],
  ['POST', /^init\/error$/, () => ({ type: 'initError' })],
];

/** The call that a request is; 404 for a path, 405 for a method that the Runtime API does not have. */
export function parseCall(method: string, path: string): Call | 404 | 405 {
  const rest = path.startsWith(root) ? path.slice(root.length) : '';
  for (const [wanted, pattern, toCall] of calls) {
    const match = pattern.exec(rest);
    if (match !== null) return method === wanted ? toCall(match[1] ?? '') : 405;
  }
  return 404;
}
