import { UserError } from '@furrow/protocol';

/** Everything about a deploy that a person must mend. */
export const errors = {
  templateTooLarge: (message: string) =>
    new UserError({
      code: 'TEMPLATE_TOO_LARGE',
      message,
      fix: 'Split the app in two, or serve several routes by one function (an "any /*" route).',
    }),
  awsRegionMissing: () =>
    new UserError({
      code: 'AWS_REGION_MISSING',
      message: 'No AWS region is set.',
      fix: 'Add "region us-west-2" (or another) below @aws in app.arc, or set AWS_REGION, then run the command again.',
    }),
  awsCredentialsMissing: (detail: string, cause: unknown) =>
    new UserError({
      code: 'AWS_CREDENTIALS_MISSING',
      message: `There are no AWS credentials. ${detail}`,
      fix: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run "aws configure", then run the command again.',
      cause,
    }),
  awsCredentialsExpired: (signIn: string, cause: unknown) =>
    new UserError({
      code: 'AWS_CREDENTIALS_EXPIRED',
      message: 'The AWS credentials have expired.',
      fix: `Get new ones (${signIn}, where you use it), then run the command again; it goes on from where it was.`,
      cause,
    }),
  awsCredentialsInvalid: (name: string, cause: unknown) =>
    new UserError({
      code: 'AWS_CREDENTIALS_INVALID',
      message: `AWS does not accept the credentials (${name}).`,
      fix: 'Check the key, its secret and its session token, or choose another AWS_PROFILE, then run the command again.',
      cause,
    }),
  awsClockWrong: (cause: unknown) =>
    new UserError({
      code: 'AWS_CLOCK_WRONG',
      message:
        'The clock of this machine differs from that of AWS by more than the few minutes that a signature allows.',
      fix: 'Set the clock, then run the command again.',
      cause,
    }),
  awsAccessDenied: (action: string, detail: string, cause: unknown) =>
    new UserError({
      code: 'AWS_ACCESS_DENIED',
      message: `AWS refuses ${action}. ${detail}`.trimEnd(),
      fix: `Allow ${action} (docs/guide/deploy.md#permissions), then run the command again; it goes on from where it was.`,
      cause,
    }),
  awsThrottled: (call: string, cause: unknown) =>
    new UserError({
      code: 'AWS_THROTTLED',
      message: `AWS answers that there are too many requests (${call}), several times in a row.`,
      fix: 'Wait a minute, then run the command again; it goes on from where it was.',
      cause,
    }),
  awsUnreachable: (call: string, detail: string, cause: unknown) =>
    new UserError({
      code: 'AWS_UNREACHABLE',
      message: `AWS cannot be reached (${call}: ${detail}).`,
      fix: 'Check the network, the region and AWS_ENDPOINT_URL, then run the command again; it goes on from where it was.',
      cause,
    }),
  awsFault: (call: string, detail: string, cause: unknown) =>
    new UserError({
      code: 'AWS_FAULT',
      message: `AWS itself has failed (${call}: ${detail}), several times in a row.`,
      fix: 'Look at https://health.aws.amazon.com, then run the command again; it goes on from where it was.',
      cause,
    }),
  awsRefused: (call: string, detail: string, cause: unknown) =>
    new UserError({
      code: 'AWS_REFUSED',
      message: `AWS refuses ${call}: ${detail}`,
      fix: 'Mend what it says, then run the command again; it goes on from where it was.',
      cause,
    }),
};
