import type { App } from '@furrow/manifest';
import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import type { Loss } from '../plan/losses.ts';
import type { Plan } from '../plan/plan.ts';
import type { Target } from '../target.ts';
import { checkVariables, listVariables } from './app-variables.ts';
import { bucketName, ensureBucket, knownBucket } from './deploy-bucket.ts';
import type { OnDeployEvent, Urls } from './deploy-event.ts';
import { checkPackage } from './check-app.ts';
import { planDeploy, type PlannedDeploy } from './plan-deploy.ts';
import { rollOut } from './roll-out.ts';
import { settleStack } from './settle-stack.ts';
import { deployStaticFiles } from './static-files.ts';
import { readUrls } from './urls.ts';
import { uploadFunctions } from './upload.ts';

export interface DeployOptions {
  readonly app: App;
  /** Absolute. */
  readonly projectDir: string;
  readonly target: Target;
  /** Called once everything that needs no AWS has been checked. */
  readonly openAws: () => Promise<Aws>;
  /** Whether what cannot be brought back may go. @default false */
  readonly allowsDataLoss?: boolean;
  /** Whether static files that are not here any more are removed there. @default false */
  readonly isPruning?: boolean;
  /** Tags of the stack, in addition to those that it has. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Asked once, before anything is changed. */
  readonly confirm: (plan: Plan) => Promise<boolean>;
  readonly onEvent: OnDeployEvent;
  /** Between looks at CloudFormation. @default 2000 */
  readonly pollMs?: number;
  /** Ends the command. A deploy that CloudFormation has begun goes on. */
  readonly signal?: AbortSignal;
}

export type DeployResult =
  | { readonly type: 'deployed'; readonly urls: Urls }
  /** Nothing differed, static files included. */
  | { readonly type: 'unchanged'; readonly urls: Urls }
  /** The person said no; nothing was changed. */
  | { readonly type: 'declined' }
  /** The signal came before anything was changed. */
  | { readonly type: 'stopped' }
  /** The signal came later; CloudFormation goes on by itself. */
  | { readonly type: 'left' };

/**
 * Brings an app to AWS: check, plan, upload, change, follow, static files.
 *
 * Every step can be done again: what is there already is not sent twice, and a deploy in progress is waited for.
 *
 * @throws {PACKAGE_INVALID} and others of `errors.ts` for what a person must mend.
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const { app, target, onEvent, signal, pollMs = 2000 } = options;
  const checked = await checkPackage(options);
  using aws = await options.openAws();
  const { account } = await aws.identity();
  onEvent({ type: 'target', target, region: aws.region, account });

  const settled = await settleStack({ aws, target, pollMs, onEvent, signal });
  if (settled === 'stopped') return { type: 'stopped' };
  const current = settled === 'absent' ? undefined : settled;
  const bucket = await chooseBucket(aws, { app, account });
  const variables = await listVariables(aws.parameters, target);
  checkVariables(variables);
  if (isStopped(signal)) return { type: 'stopped' };

  const planned = await planDeploy({
    ...options,
    aws,
    checked,
    current,
    bucket,
    variables,
    ensureBucket: prepareBucket,
  });
  onEvent({ type: 'plan', plan: planned.plan, isNew: current === undefined });
  const step = await decide(planned, options, aws);
  if (step === 'stopped' || step === 'declined') {
    await planned.discard();
    return { type: step };
  }
  if (step === 'deploy') {
    await sendFunctions(planned);
    if (isStopped(signal)) {
      await planned.discard();
      return { type: 'stopped' };
    }
    if ((await rollOut({ aws, planned, target, pollMs, onEvent, signal })) === 'left') return { type: 'left' };
  } else await planned.discard();
  const files = await deployStaticFiles({ ...options, aws });
  const urls = await readUrls(aws, target.stackName);
  const isSame = step === 'nothing' && files.put + files.removed === 0;
  return { type: isSame ? 'unchanged' : 'deployed', urls };

  async function prepareBucket(): Promise<void> {
    const made = await ensureBucket(aws, bucket, { appName: app.name, setting: app.bucket });
    if (made === 'made') onEvent({ type: 'bucket', bucket });
  }

  async function sendFunctions({ toSend }: PlannedDeploy): Promise<void> {
    if (toSend.length === 0) return;
    await prepareBucket();
    const { count, bytes } = await uploadFunctions(aws, bucket, toSend);
    onEvent({ type: 'uploaded', count, of: checked.functions.length, bytes });
  }
}

/** Asked anew each time: it changes while others are waited for. */
function isStopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

async function chooseBucket(
  aws: Aws,
  { app, account }: { readonly app: App; readonly account: string },
): Promise<string> {
  const known = await knownBucket(aws, { appName: app.name, setting: app.bucket });
  return known ?? bucketName(app.name, { account, region: aws.region });
}

/** What follows from a plan. @throws {DATA_LOSS} when something would be gone for good and nobody has allowed it. */
async function decide(
  planned: PlannedDeploy,
  { allowsDataLoss = false, confirm, signal }: DeployOptions,
  aws: Aws,
): Promise<'deploy' | 'nothing' | 'declined' | 'stopped'> {
  const losses = await realLosses(planned.plan.losses, aws);
  if (losses.length > 0 && !allowsDataLoss) {
    await planned.discard();
    throw errors.dataLoss(losses);
  }
  if (isStopped(signal)) return 'stopped';
  if (planned.isEmpty) return 'nothing';
  if (!(await confirm(planned.plan))) return 'declined';
  return 'deploy';
}

/** A bucket without files loses nothing. */
async function realLosses(losses: readonly Loss[], aws: Aws): Promise<readonly Loss[]> {
  const isLost = await Promise.all(
    losses.map(async ({ type, physicalId }) => {
      if (type !== 'AWS::S3::Bucket' || physicalId === undefined) return true;
      return (await aws.objects.list(physicalId, { most: 1 })).length > 0;
    }),
  );
  return losses.filter((_loss, index) => isLost[index]);
}
