import { errors } from '../errors.ts';
import type { Aws, AwsCall } from './aws.ts';
import { clientConfig, selectProfile, selectRegion, type Env } from './client-config.ts';
import type { Connection } from './connection.ts';
import { objectUrl } from './object-url.ts';

export interface OpenAwsOptions {
  /** The manifest's `@aws region`. */
  readonly region?: string | undefined;
  /** The manifest's `@aws profile`. */
  readonly profile?: string | undefined;
  readonly env: Env;
  /** Hears of every call, once, however often the SDK tries. */
  readonly onCall?: ((call: AwsCall) => void) | undefined;
  /** What CloudTrail shows of who called. @default 'furrow' */
  readonly appName?: string | undefined;
}

const regionName = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;

/**
 * The way to AWS. A service's client is loaded when it is first used.
 *
 * Credentials are found by the SDK's own chain: the environment, profiles, SSO, `aws login`, web identity, containers,
 * machines. A profile that asks for a code (MFA) is not supported: nobody is asked.
 *
 * @throws {AWS_REGION_MISSING} when neither manifest, environment nor profile names a region.
 * @throws {AWS_REGION_INVALID} when it cannot be a region's name.
 */
export async function openAws(options: OpenAwsOptions): Promise<Aws> {
  const { env, onCall = () => {}, appName = 'furrow' } = options;
  const profile = selectProfile(options.profile, env);
  const region =
    selectRegion(options.region, env) ?? (await import('./sts.ts').then(({ findRegion }) => findRegion(profile)));
  if (region === undefined) throw errors.awsRegionMissing();
  if (!regionName.test(region)) throw errors.awsRegionInvalid(region);

  const opened: Promise<Disposable>[] = [];
  /** A way to call the methods of a part whose file is loaded by the first of these calls. */
  const onFirstUse = <Part extends Disposable>(service: string, load: () => Promise<(to: Connection) => Part>) => {
    let part: Promise<Part> | undefined;
    const open = () => {
      const config = clientConfig({ region, profile, env, appName }, service);
      const opening = load().then((openPart) => openPart({ config, onCall }));
      opened.push(opening);
      return opening;
    };
    return <Input extends readonly unknown[], Output>(call: (to: Part, ...input: Input) => Promise<Output>) =>
      async (...input: Input): Promise<Output> =>
        call(await (part ??= open()), ...input);
  };

  const sts = onFirstUse('STS', () => import('./sts.ts').then(({ openSts }) => openSts));
  const stacks = onFirstUse('CLOUDFORMATION', () =>
    import('./cloud-formation.ts').then((file) => file.openCloudFormation),
  );
  const s3 = onFirstUse('S3', () => import('./s3.ts').then(({ openS3 }) => openS3));
  const lambda = onFirstUse('LAMBDA', () => import('./lambda.ts').then(({ openLambda }) => openLambda));
  const ssm = onFirstUse('SSM', () => import('./ssm.ts').then(({ openSsm }) => openSsm));
  const logs = onFirstUse('CLOUDWATCH_LOGS', () => import('./logs.ts').then(({ openLogs }) => openLogs));

  return {
    region,
    identity: sts((to) => to.identity()),
    stacks: {
      describe: stacks((to, ...input) => to.describe(...input)),
      list: stacks((to, ...input) => to.list(...input)),
      template: stacks((to, ...input) => to.template(...input)),
      resources: stacks((to, ...input) => to.resources(...input)),
      createChangeSet: stacks((to, ...input) => to.createChangeSet(...input)),
      executeChangeSet: stacks((to, ...input) => to.executeChangeSet(...input)),
      deleteChangeSet: stacks((to, ...input) => to.deleteChangeSet(...input)),
      events: stacks((to, ...input) => to.events(...input)),
      newestEventId: stacks((to, ...input) => to.newestEventId(...input)),
      remove: stacks((to, ...input) => to.remove(...input)),
    },
    objects: {
      headBucket: s3((to, ...input) => to.headBucket(...input)),
      createBucket: s3((to, ...input) => to.createBucket(...input)),
      has: s3((to, ...input) => to.has(...input)),
      put: s3((to, ...input) => to.put(...input)),
      list: s3((to, ...input) => to.list(...input)),
      remove: s3((to, ...input) => to.remove(...input)),
      removeBucket: s3((to, ...input) => to.removeBucket(...input)),
      emptyBucket: s3((to, ...input) => to.emptyBucket(...input)),
      urlOf: (bucket, key) => objectUrl(region, bucket, key),
    },
    functions: {
      state: lambda((to, ...input) => to.state(...input)),
      updateCode: lambda((to, ...input) => to.updateCode(...input)),
    },
    parameters: {
      get: ssm((to, ...input) => to.get(...input)),
      list: ssm((to, ...input) => to.list(...input)),
      put: ssm((to, ...input) => to.put(...input)),
      remove: ssm((to, ...input) => to.remove(...input)),
    },
    logs: {
      page: logs((to, ...input) => to.page(...input)),
    },
    [Symbol.dispose]() {
      for (const part of opened) void part.then((one) => one[Symbol.dispose]());
    },
  };
}
