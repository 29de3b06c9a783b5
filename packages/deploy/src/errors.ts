import { UserError } from '@furrow/protocol';

/** Everything about a deploy that a person must mend. */
export const errors = {
  templateTooLarge: (message: string) =>
    new UserError({
      code: 'TEMPLATE_TOO_LARGE',
      message,
      fix: 'Split the app in two, or serve several routes by one function (an "any /*" route).',
    }),
};
