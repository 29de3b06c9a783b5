import type { Aws, Stack, StackEvent } from '../aws/aws.ts';
import { pause } from './pause.ts';

export interface FollowOptions {
  readonly aws: Pick<Aws, 'stacks'>;
  /** Name, or id: a stack that is deleted can be found by its id only. */
  readonly stackName: string;
  /** The last event that is not news: see `newestEventId`. */
  readonly afterId: string | undefined;
  /** Whether something was begun that the stack's status may not show yet. @default false */
  readonly isBeginning?: boolean;
  /** Most between two looks. */
  readonly pollMs: number;
  /** Each resource that came to an end, and each failure. */
  readonly onEvent: (event: StackEvent) => void;
  /** Ends the watching, not the deploy. */
  readonly signal?: AbortSignal | undefined;
}

export interface Followed {
  /** `undefined` when the stack is gone. */
  readonly stack: Stack | undefined;
  /** The first resource that failed, and why. */
  readonly failure: StackEvent | undefined;
}

/** Small changes are done in a second; then the looks become rarer, up to `pollMs`. */
const firstPollMs = 250;

/** CloudFormation cancels what runs when something has failed; that is a consequence, not a cause. */
const consequence = /cancelled|The following resource\(s\) failed/i;

/**
 * Reports the events of a stack until nothing runs on it any more.
 *
 * @returns `undefined` when the signal ended it.
 */
export async function followStack(options: FollowOptions): Promise<Followed | undefined> {
  const { aws, stackName, pollMs, onEvent, signal } = options;
  let lastId = options.afterId;
  let failure: StackEvent | undefined;
  let hasBegun = options.isBeginning !== true;
  for (let round = 0; ; round += 1) {
    // The state is read first: events that come after it belong to the next round, and the last round misses none.
    const stack = await aws.stacks.describe(stackName);
    const events = stack === undefined ? [] : await aws.stacks.events(stackName, lastId);
    events.forEach(onEvent);
    failure ??= events.find((event) => isCause(event, stack));
    lastId = events.at(-1)?.id ?? lastId;
    // Events of this round are younger than the state: what has just begun may still show the end of what was before.
    if (stack === undefined || isGone(stack) || (hasBegun && !stack.status.endsWith('_IN_PROGRESS'))) {
      return { stack, failure };
    }
    hasBegun ||= events.some(({ physicalId }) => physicalId === stack.id);
    if (!(await pause(Math.min(pollMs, firstPollMs * 2 ** round), signal))) return undefined;
  }
}

function isGone({ status }: Stack): boolean {
  return status === 'DELETE_COMPLETE';
}

/** Whether a resource failed by itself, and not because something else did. */
function isCause({ status, reason, physicalId }: StackEvent, stack: Stack | undefined): boolean {
  return status.endsWith('_FAILED') && physicalId !== stack?.id && !consequence.test(reason ?? '');
}
