import { UserError } from '@furrow/protocol';
import type { FailedDeploy } from './failed-deploy.ts';
import { wayOut, wayOutOf } from './operations/plain-reason.ts';
import { describeEnd } from './operations/stack-state.ts';
import type { PackageFault } from './package/package.ts';
import type { Loss } from './plan/losses.ts';
import { sentence } from './sentence.ts';
import type { Target } from './target.ts';
import { variableErrors } from './variable-errors.ts';

/** Everything about a deploy that a person must mend. */
export const errors = {
  templateTooLarge: (message: string, kinds: ReadonlySet<string>) =>
    new UserError({
      code: 'TEMPLATE_TOO_LARGE',
      message,
      fix: `${[
        'Split the app in two',
        ...(kinds.has('ws') ? ['let one function serve several actions ("default" gets those without a route)'] : []),
        ...(kinds.has('http') ? ['serve several paths by one function (an "any /*" route)'] : []),
      ].join(', or ')}.`,
    }),
  appNameReserved: (appName: string, start: string) =>
    new UserError({
      code: 'APP_NAME_RESERVED',
      message: `The app "${appName}" cannot be deployed: AWS keeps names of parameters that begin with "${start}" for itself.`,
      fix: 'Give the app another name below @app, then run the command again.',
    }),
  nameTooLong: (faults: readonly string[]) =>
    new UserError({
      code: 'NAME_TOO_LONG',
      message: faults.join(' '),
      fix: 'Shorten the name of the app, of --name or of the route, then run the command again.',
    }),
  indexesAtOnce: (sentences: readonly string[]) =>
    new UserError({
      code: 'INDEXES_AT_ONCE',
      message: `${sentences.join(' ')} DynamoDB makes or removes one index of a table at a time. Nothing was changed.`,
      fix: 'Add or remove one index per deploy. To change one, remove it in one deploy and add it in the next.',
    }),
  awsRegionMissing: () =>
    new UserError({
      code: 'AWS_REGION_MISSING',
      message: 'No AWS region is set.',
      fix: 'Add "region us-west-2" (or another) below @aws in app.arc, or set AWS_REGION, then run the command again.',
    }),
  awsRegionInvalid: (region: string) =>
    new UserError({
      code: 'AWS_REGION_INVALID',
      message: `"${region}" is not the name of an AWS region; expected one like us-west-2.`,
      fix: 'Correct AWS_REGION, or the region of the profile, then run the command again.',
    }),
  awsCredentialsMissing: (detail: string, profile: string | undefined, cause: unknown) =>
    new UserError({
      code: 'AWS_CREDENTIALS_MISSING',
      message: `There are no AWS credentials${profile === undefined ? '' : ` in the profile "${profile}"`}. ${sentence(detail)}`,
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
      message: `AWS refuses ${action}. ${detail === '' ? '' : sentence(detail)}`.trimEnd(),
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
  stackNamePart: (name: string) =>
    new UserError({
      code: 'STACK_NAME',
      message: `"${name}" cannot be part of the name of a stack. Nothing was changed.`,
      fix: 'Begin --name with a letter or a digit, then use letters, digits, "-", "_" and ".".',
    }),
  dirtyPublished: (labels: readonly string[]) =>
    new UserError({
      code: 'DIRTY_PUBLISHED',
      message: `${labels.map((label) => `"${label}"`).join(', ')} ${labels.length === 1 ? 'has' : 'have'} provisioned concurrency: clients meet a published version, which dirty does not change. Nothing was changed.`,
      fix: 'Run "arc deploy": it publishes a new version.',
    }),
  pluginTemplate: (id: string) =>
    new UserError({
      code: 'PLUGIN_TEMPLATE',
      message: `A plugin changes ${id} in deploy.start, and this stack has no such resource: it may have another id here.`,
      fix: 'Let the plugin look for the resource by its Type; docs/guide/plugins.md says what a template holds.',
    }),
  appEmpty: (file: string) =>
    new UserError({
      code: 'APP_EMPTY',
      message: `${file} says nothing that could be deployed: no @ws, no @http, no @static, no @tables.`,
      fix: `Add one of them to ${file}.`,
    }),
  packageInvalid: (faults: readonly PackageFault[]) =>
    new UserError({
      code: 'PACKAGE_INVALID',
      message: [
        `${faults.length} of the app's functions cannot be shipped. Nothing was deployed.`,
        ...faults.map(({ message }) => `  ${message.replaceAll('\n', '\n    ')}`),
      ].join('\n'),
      fix: faults.some(({ kind }) => kind === 'missing')
        ? 'Run "arc init" to make the handlers that are missing, mend the rest, then run the command again.'
        : 'Mend them, then run the command again.',
    }),
  functionUnknown: (word: string, suggestion: string | undefined) =>
    new UserError({
      code: 'FUNCTION_UNKNOWN',
      message: `"${word}" is not a function of this app. Nothing was changed.`,
      fix: suggestion === undefined ? 'Name a route ("join", "get /") or its folder.' : `Did you mean "${suggestion}"?`,
    }),
  functionNotDeployed: (labels: readonly string[]) =>
    new UserError({
      code: 'FUNCTION_NOT_DEPLOYED',
      message: `${labels.map((label) => `"${label}"`).join(', ')} ${labels.length === 1 ? 'is' : 'are'} not deployed yet.`,
      fix: 'Run "arc deploy" first: only CloudFormation makes new functions.',
    }),
  stackMissing: ({ stackName, stage }: Target) =>
    new UserError({
      code: 'STACK_MISSING',
      message: `${stackName} is not deployed.`,
      fix: `Run "arc deploy${stage === 'production' ? ' production' : ''}" first, or check region, profile and --name.`,
    }),
  stackForeign: (stackName: string) =>
    new UserError({
      code: 'STACK_FOREIGN',
      message: `There is a CloudFormation stack ${stackName} already, and another tool made it. Nothing was changed.`,
      fix: 'Deploy beside it with "--name other", or rename the app in app.arc.',
    }),
  stackOfOtherApp: (stackName: string, app: string) =>
    new UserError({
      code: 'STACK_FOREIGN',
      message: `The stack ${stackName} belongs to the app "${app}". Nothing was changed.`,
      fix: 'Deploy beside it with "--name other", or rename this app in app.arc.',
    }),
  stackStuck: (stackName: string, status: string) =>
    new UserError({
      code: 'STACK_STUCK',
      message: `The stack ${stackName} is in ${status}: CloudFormation waits for a person. Nothing was changed.`,
      fix: wayOutOf(status, stackName),
    }),
  changeSetFailed: (stackName: string, reason: string) =>
    new UserError({
      code: 'PLAN_FAILED',
      message: `CloudFormation could not plan the change of ${stackName}: ${sentence(reason)} Nothing was changed.`,
      fix: 'Mend what it names, then run the command again.',
    }),
  dataLoss: (losses: readonly Loss[]) =>
    new UserError({
      code: 'DATA_LOSS',
      message: [
        ...losses.map(({ what, how, consequence }) => `${what} would be ${how.toUpperCase()}: ${consequence}.`),
        'Nothing was changed.',
      ].join(' '),
      fix: 'Undo the change in app.arc, or run the command again with --allow-data-loss if that is what you want.',
    }),
  deployFailed: ({ stackName, what, deed, reason, status }: FailedDeploy) =>
    new UserError({
      code: 'DEPLOY_FAILED',
      message: [
        what === undefined
          ? `${stackName} could not be deployed.`
          : `${what} could not be ${deed}: ${sentence(reason)}`,
        describeEnd(status),
      ].join(' '),
      fix: wayOut(reason, stackName),
    }),
  codeUpdateFailed: (label: string, reason: string) =>
    new UserError({
      code: 'CODE_UPDATE_FAILED',
      message: `The code of "${label}" could not be replaced: ${sentence(reason)}`,
      fix: 'Run the command again, or "arc deploy" to do it with CloudFormation.',
    }),
  bucketTaken: (bucket: string, isSetting: boolean) =>
    new UserError({
      code: 'BUCKET_TAKEN',
      message: `The deploy bucket ${bucket} belongs to somebody else, or you may not use it.`,
      fix: isSetting
        ? 'Choose another name for "bucket" below @aws in app.arc.'
        : 'Add "bucket some-unique-name" below @aws in app.arc, then run the command again.',
    }),
  bucketBusy: (bucket: string, cause: unknown) =>
    new UserError({
      code: 'BUCKET_BUSY',
      message: `The deploy bucket ${bucket} was removed a moment ago, and S3 is not done with it.`,
      fix: 'Wait some minutes, then run the command again; or choose another name: "bucket some-unique-name" below @aws.',
      cause,
    }),
  staticUnreadable: (path: string, cause: unknown) =>
    new UserError({
      code: 'STATIC_UNREADABLE',
      message: `Of the static files, ${path} cannot be read${cause instanceof Error ? ` (${cause.message})` : ''}.`,
      fix: 'Make the folder and its files readable, then run the command again.',
      cause,
    }),
  staticMissing: (folder: string) =>
    new UserError({
      code: 'STATIC_MISSING',
      message: `The folder ${folder} is not there; nothing was removed.`,
      fix: 'Make it, or name the right one below @static in app.arc, or leave out --prune.',
    }),
  staticTooLarge: (file: string, { bytes, most }: { bytes: number; most: number }) =>
    new UserError({
      code: 'STATIC_TOO_LARGE',
      message: `${file} has ${bytes} bytes; S3 takes ${most} in one piece. No file was sent.`,
      fix: 'Split it, or keep it elsewhere.',
    }),
  staticOff: (file: string) =>
    new UserError({
      code: 'STATIC_OFF',
      message: 'This app serves no static files.',
      fix: `Add @http or @static to ${file}.`,
    }),
  staticBucketMissing: (stackName: string) =>
    new UserError({
      code: 'STATIC_BUCKET_MISSING',
      message: `${stackName} has no bucket for static files yet.`,
      fix: 'Run "arc deploy" first: it makes the bucket.',
    }),
  staticBucketUnusable: (bucket: string, stage: string, found: 'missing' | 'forbidden') =>
    new UserError({
      code: 'STATIC_BUCKET_UNUSABLE',
      message:
        found === 'missing'
          ? `There is no bucket ${bucket}, which "${stage}" below @static names. Nothing was changed.`
          : `The bucket ${bucket}, which "${stage}" below @static names, lets you not in. Nothing was changed.`,
      fix: `Make the bucket or get the right to use it, or remove "${stage} ${bucket}": the deploy makes one then.`,
    }),
  destroyFailed: ({ stackName }: Target, { what, reason }: { what: string | undefined; reason: string }) =>
    new UserError({
      code: 'DESTROY_FAILED',
      message: `${what ?? stackName} could not be removed: ${sentence(reason)}`,
      fix: 'Mend what it names, then run the command again; it goes on with what is left.',
    }),
  destroyRefused: (stackName: string, kept: readonly string[]) =>
    new UserError({
      code: 'DESTROY_REFUSED',
      message: `${stackName} has data: ${kept.join(', ')}. Nothing was removed.`,
      fix: 'Save what you need, then add --force to remove the data too.',
    }),
  stackProtected: ({ stackName }: Target) =>
    new UserError({
      code: 'STACK_PROTECTED',
      message: `${stackName} is protected against removal. Nothing was removed.`,
      fix: `Run "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stackName}" first.`,
    }),
  ...variableErrors,
};
