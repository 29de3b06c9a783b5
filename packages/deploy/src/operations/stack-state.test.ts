import { expect, test } from 'vitest';
import { describeEnd, hasSucceeded, stackState } from './stack-state.ts';

test.for([
  { status: 'CREATE_COMPLETE', state: 'ready', isGood: true },
  { status: 'UPDATE_COMPLETE', state: 'ready', isGood: true },
  { status: 'IMPORT_COMPLETE', state: 'ready', isGood: true },
  { status: 'UPDATE_ROLLBACK_COMPLETE', state: 'ready', isGood: false },
  { status: 'IMPORT_ROLLBACK_COMPLETE', state: 'ready', isGood: false },
  { status: 'CREATE_IN_PROGRESS', state: 'busy', isGood: false },
  { status: 'UPDATE_IN_PROGRESS', state: 'busy', isGood: false },
  { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', state: 'busy', isGood: false },
  { status: 'UPDATE_ROLLBACK_IN_PROGRESS', state: 'busy', isGood: false },
  { status: 'DELETE_IN_PROGRESS', state: 'busy', isGood: false },
  { status: 'REVIEW_IN_PROGRESS', state: 'absent', isGood: false },
  { status: 'DELETE_COMPLETE', state: 'absent', isGood: false },
  { status: 'ROLLBACK_COMPLETE', state: 'failed-first', isGood: false },
  { status: 'ROLLBACK_FAILED', state: 'failed-first', isGood: false },
  { status: 'CREATE_FAILED', state: 'failed-first', isGood: false },
  { status: 'UPDATE_ROLLBACK_FAILED', state: 'stuck', isGood: false },
  { status: 'UPDATE_FAILED', state: 'stuck', isGood: false },
  { status: 'DELETE_FAILED', state: 'stuck', isGood: false },
])('$status is $state', ({ status, state, isGood }) => {
  expect(stackState({ status })).toBe(state);
  expect(hasSucceeded(status)).toBe(isGood);
  expect(describeEnd(status)).toMatch(/^[A-Z].+\.$/);
});

test('no stack is absent', () => expect(stackState(undefined)).toBe('absent'));
