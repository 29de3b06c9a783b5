import { describeProblems, type Problem } from '@furrow/manifest';
import { UserError } from '@furrow/protocol';

export const errors = {
  manifestInvalid: (problems: readonly Problem[]) =>
    new UserError({
      code: 'MANIFEST_INVALID',
      message: describeProblems(problems),
      fix: 'Mend what is marked, then run "arc sandbox" again.',
    }),
  portInvalid: (name: string, text: string) =>
    new UserError({
      code: 'PORT_INVALID',
      message: `${name} is "${text}"; expected a whole number from 0 to 65535.`,
      fix: `Leave ${name} out, or set it to a free port such as 3333.`,
    }),
};
