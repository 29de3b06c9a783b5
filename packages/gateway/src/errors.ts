import { UserError } from '@furrow/protocol';

export const errors = {
  portTaken: (port: number, cause: unknown) =>
    new UserError({
      code: 'PORT_TAKEN',
      message: `Port ${port} is already in use.`,
      fix: `Stop the other process, or run "arc sandbox --port ${port < 65_535 ? port + 1 : 0}".`,
      cause,
    }),
  portForbidden: (port: number, cause: unknown) =>
    new UserError({
      code: 'PORT_FORBIDDEN',
      message: `This user may not listen on port ${port}.`,
      fix: 'Choose a port of 1024 or above, such as 3333.',
      cause,
    }),
  hostUnknown: (host: string, cause: unknown) =>
    new UserError({
      code: 'HOST_UNKNOWN',
      message: `"${host}" is not an address of this machine.`,
      fix: 'Leave --host out to listen on this machine alone, or use 0.0.0.0 for all its addresses.',
      cause,
    }),
};
