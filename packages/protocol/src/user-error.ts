/** An error a person can act on: `code` is stable and documented in docs/reference/errors.md, `fix` says what to do next. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly fix: string;

  constructor(problem: { code: string; message: string; fix: string; cause?: unknown }) {
    super(problem.message, problem.cause === undefined ? {} : { cause: problem.cause });
    this.code = problem.code;
    this.fix = problem.fix;
  }
}

/** Tells a `UserError` by its shape, so that it is recognised across copies of this package. */
export function isUserError(error: unknown): error is UserError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'fix' in error &&
    typeof error.fix === 'string'
  );
}
