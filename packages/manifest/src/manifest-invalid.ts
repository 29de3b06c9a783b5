import { UserError } from '@furrow/protocol';
import type { Problem } from './app.ts';
import { describeProblems } from './describe.ts';

/** All problems of a manifest as the one error that a command ends with. */
export function manifestInvalid(problems: readonly Problem[]): UserError {
  return new UserError({
    code: 'MANIFEST_INVALID',
    message: describeProblems(problems),
    fix: 'Mend what is marked, then run the command again.',
  });
}
