import { UserError } from '@furrow/protocol';

export const errors = {
  portInvalid: (name: string, text: string) =>
    new UserError({
      code: 'PORT_INVALID',
      message: `${name} is "${text}"; expected a whole number from 0 to 65535.`,
      fix: `Leave ${name} out, or set it to a free port such as 3333.`,
    }),
};
