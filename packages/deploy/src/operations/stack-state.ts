import type { Stack } from '../aws/aws.ts';

/** What a stack's status means for whoever wants to deploy. */
export type StackState =
  /** There is none, or only the shell of a change set that was never executed. */
  | 'absent'
  /** Something runs on it. */
  | 'busy'
  /** Its first deploy failed; nothing of it is left, and it must be removed before the next. */
  | 'failed-first'
  /** It stands; a deploy may follow. */
  | 'ready'
  /** CloudFormation could not even go back; a person has to decide. */
  | 'stuck';

const failedFirst = new Set(['ROLLBACK_COMPLETE', 'CREATE_FAILED', 'ROLLBACK_FAILED']);

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (read 2026-11) */
export function stackState(stack: Pick<Stack, 'status'> | undefined): StackState {
  if (stack === undefined) return 'absent';
  const { status } = stack;
  if (status === 'REVIEW_IN_PROGRESS' || status === 'DELETE_COMPLETE') return 'absent';
  if (status.endsWith('_IN_PROGRESS')) return 'busy';
  if (status === 'DELETE_FAILED') return 'stuck';
  if (failedFirst.has(status)) return 'failed-first';
  return status.endsWith('_FAILED') ? 'stuck' : 'ready';
}

/** Whether an end of an update means that it did what it should. */
export function hasSucceeded(status: string): boolean {
  return ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'].includes(status);
}

/** What became of the app, for a person, after a deploy ended in this status. */
export function describeEnd(status: string): string {
  switch (status) {
    case 'UPDATE_ROLLBACK_COMPLETE':
      return 'CloudFormation has undone the update; the last version keeps serving.';
    case 'ROLLBACK_COMPLETE':
      return 'CloudFormation has removed what it had made; nothing is deployed.';
    case 'UPDATE_ROLLBACK_FAILED':
      return 'CloudFormation could not undo the update: some parts are new and some are old.';
    case 'DELETE_COMPLETE':
      return 'The stack has been removed meanwhile; nothing is deployed.';
    default:
      return `The stack is in ${status}.`;
  }
}

/** Differs after every deploy, whoever made it. */
export function stateMark(stack: Pick<Stack, 'id' | 'status' | 'updatedAtMs'> | undefined): string {
  return stackState(stack) === 'absent' ? 'absent' : `${stack?.id} ${stack?.status} ${stack?.updatedAtMs}`;
}
