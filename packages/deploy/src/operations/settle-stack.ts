import type { Aws, Stack } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { stackOwner } from '../template/adopted.ts';
import type { Target } from '../target.ts';
import type { OnDeployEvent } from './deploy-event.ts';
import { followStack } from './follow.ts';
import { reportResource } from './report-resource.ts';
import { stackState } from './stack-state.ts';

export interface SettleOptions {
  readonly aws: Aws;
  readonly target: Target;
  readonly pollMs: number;
  readonly onEvent: OnDeployEvent;
  readonly signal: AbortSignal | undefined;
}

/** A stack that a deploy may follow, or none. */
export interface SettledStack {
  readonly stack: Stack;
  /** The template that is deployed, as it was handed in. */
  readonly template: string;
}

/**
 * Waits for a deploy that is in progress, and clears what a failed first deploy has left.
 *
 * @returns `'stopped'` when the signal ended the waiting.
 * @throws {STACK_FOREIGN} when another tool, or another app, made the stack.
 * @throws {STACK_STUCK} when CloudFormation waits for a person.
 */
export async function settleStack(options: SettleOptions): Promise<SettledStack | 'absent' | 'stopped'> {
  const { aws, target, onEvent } = options;
  const { stackName } = target;
  for (;;) {
    const stack = await aws.stacks.describe(stackName);
    const state = stackState(stack);
    if (stack === undefined || state === 'absent') return 'absent';
    const template = await aws.stacks.template(stackName);
    checkOwner(template, target);
    if (state === 'stuck') throw errors.stackStuck(stackName, stack.status);
    if (state === 'ready') return { stack, template: template ?? '' };
    if (state === 'busy') onEvent({ type: 'joined', status: stack.status });
    else {
      onEvent({ type: 'clearing', status: stack.status });
      await aws.stacks.remove(stackName);
    }
    if ((await waitForEnd(options, stack, template)) === 'stopped') return 'stopped';
  }
}

/** Follows what runs on a stack, whoever began it. */
export async function waitForEnd(
  { aws, pollMs, onEvent, signal }: Omit<SettleOptions, 'target'>,
  stack: Pick<Stack, 'id'>,
  template: string | undefined,
): Promise<'ended' | 'stopped'> {
  const followed = await followStack({
    aws,
    // By its id a stack can still be looked at when it has been deleted.
    stackName: stack.id,
    afterId: await aws.stacks.newestEventId(stack.id),
    pollMs,
    onEvent: reportResource({ template, stackId: stack.id, onEvent }),
    signal,
  });
  return followed === undefined ? 'stopped' : 'ended';
}

/** @throws {STACK_FOREIGN} when another tool, or another app, made the stack. */
export function checkOwner(template: string | undefined, { stackName, appName }: Target): void {
  if (template === undefined) return;
  const { maker, app } = stackOwner(template);
  if (maker === 'foreign') throw errors.stackForeign(stackName);
  if (app !== undefined && app !== appName) throw errors.stackOfOtherApp(stackName, app);
}
