import type { App, AppPlugins } from '@furrow/manifest';
import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import type { Loss } from '../plan/losses.ts';
import type { Plan } from '../plan/plan.ts';
import type { Target } from '../target.ts';
import { checkVariables, listVariables } from './app-variables.ts';
import { chooseBucket, ensureBucket } from './deploy-bucket.ts';
import type { OnDeployEvent, Urls } from './deploy-event.ts';
import { checkPackage, type CheckedApp } from './check-app.ts';
import { noteVariables } from './note-variables.ts';
import { hasTarget, tellPlugins } from '../plugins/ask-plugins.ts';
import { planDeploy, type PlannedDeploy } from './plan-deploy.ts';
import { rollOut } from './roll-out.ts';
import { settleStack } from './settle-stack.ts';
import { checkOwnBucket, deployStaticFiles } from './static-files.ts';
import { readUrls } from './urls.ts';
import { uploadFunctions } from './upload.ts';

export interface DeployOptions {
  readonly app: App;
  /** Absolute. */
  readonly projectDir: string;
  readonly target: Target;
  /** @default none */
  readonly plugins?: AppPlugins;
  /** Called once everything that needs no AWS has been checked. */
  readonly openAws: () => Promise<Aws>;
  /** Whether what cannot be brought back may go. @default false */
  readonly allowsDataLoss?: boolean;
  /** Whether static files that are not here any more are removed there. @default false */
  readonly isPruning?: boolean;
  /** Names of variables that the developer believes to be in the stage; those that are not are said. @default none */
  readonly expectedVariables?: readonly string[];
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
  /** Plugins have brought it to where it runs. */
  | { readonly type: 'handed-over' }
  /** Nothing differed, static files included. */
  | { readonly type: 'unchanged'; readonly urls: Urls }
  /** The person said no; nothing was changed. */
  | { readonly type: 'declined' }
  /** The signal came before anything was changed. */
  | { readonly type: 'stopped' }
  /** The signal came later; CloudFormation goes on by itself. */
  | { readonly type: 'left' }
  /** The signal came in the middle: some code, or some static files, were sent, and nothing after that. */
  | { readonly type: 'interrupted' };

const defaultPollMs = 2000;

/**
 * Brings an app to AWS: check, plan, upload, change, follow, static files.
 *
 * Every step can be done again: what is there already is not sent twice, and a deploy in progress is waited for.
 *
 * @throws {PACKAGE_INVALID} and others of `errors.ts` for what a person must mend.
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const { target, onEvent } = options;
  const task = { ...options, isDryRun: false };
  const checked = await checkPackage(task);
  if (hasTarget(options)) {
    await tellPlugins('deploy.target', task, checked.template);
    await tellPlugins('deploy.end', task, checked.template);
    return { type: 'handed-over' };
  }
  using aws = await options.openAws();
  const { account } = await aws.identity();
  onEvent({ type: 'target', target, region: aws.region, account });
  await checkOwnBucket(aws, options);
  const job: Job = {
    ...options,
    aws,
    checked,
    account,
    bucket: await chooseBucket(aws, { app: options.app, account }),
    note: onlyOnce((names) =>
      noteVariables(names, { ...options, ...checked, expected: options.expectedVariables ?? [] }),
    ),
  };

  const end = await planAndCarryOut(job);
  if (end === 'stopped' || end === 'declined' || end === 'left' || end === 'interrupted') return { type: end };
  const files = await deployStaticFiles(job);
  const urls = await readUrls(aws, target.stackName);
  if (files.isStopped) return { type: 'interrupted' };
  await tellPlugins('deploy.end', task, checked.template);
  const isSame = end === 'nothing' && files.put + files.removed === 0;
  return { type: isSame ? 'unchanged' : 'deployed', urls };
}

/** Plans, asks and does it; all of it again when somebody else was faster. */
async function planAndCarryOut(
  job: Job,
): Promise<'deployed' | 'nothing' | 'left' | 'declined' | 'stopped' | 'interrupted'> {
  for (;;) {
    const planned = await makePlan(job);
    if (planned === 'stopped') return 'stopped';
    job.onEvent({ type: 'plan', plan: planned.plan, isNew: planned.isNew });
    const step = await decide(planned, job);
    const end = step === 'deploy' ? await carryOut(planned, job) : step;
    if (end !== 'deployed' && end !== 'left') await planned.discard();
    if (end !== 'overtaken') return end;
    job.onEvent({ type: 'overtaken' });
  }
}

/** A deploy under way. */
interface Job extends DeployOptions {
  readonly aws: Aws;
  readonly checked: CheckedApp;
  readonly account: string;
  readonly bucket: string;
  /** Says what is missing among the variables. */
  readonly note: (names: readonly string[]) => void;
}

/** Plans are made again, and nobody wants to be told twice. */
function onlyOnce(say: Job['note']): Job['note'] {
  let isSaid = false;
  return (names) => {
    if (!isSaid) say(names);
    isSaid = true;
  };
}

/** Waits until the stack is free, and plans. */
async function makePlan(job: Job): Promise<PlannedDeploy | 'stopped'> {
  const { aws, target, onEvent, signal, pollMs = defaultPollMs } = job;
  for (;;) {
    const settled = await settleStack({ aws, target, pollMs, onEvent, signal });
    if (settled === 'stopped') return 'stopped';
    const variables = await listVariables(aws.parameters, target);
    checkVariables(variables);
    job.note(variables.map(({ name }) => name));
    if (isStopped(signal)) return 'stopped';
    const current = settled === 'absent' ? undefined : settled;
    const planned = await planDeploy({ ...job, current, variables, ensureBucket: () => prepareBucket(job) });
    if (planned !== 'busy') return planned;
  }
}

async function carryOut(
  planned: PlannedDeploy,
  job: Job,
): Promise<'deployed' | 'left' | 'stopped' | 'overtaken' | 'interrupted'> {
  const { aws, target, checked, bucket, onEvent, signal, pollMs = defaultPollMs } = job;
  if (planned.toSend.length > 0) {
    await prepareBucket(job);
    const { count, bytes } = await uploadFunctions(aws, bucket, planned.toSend);
    onEvent({ type: 'uploaded', count, of: checked.functions.length, bytes });
  }
  if (isStopped(signal)) return 'stopped';
  return rollOut({ aws, planned, target, bucket, pollMs, onEvent, signal });
}

/** Makes the bucket where it is not there yet, and says so. */
async function prepareBucket({ aws, app, account, bucket, onEvent }: Job): Promise<void> {
  const made = await ensureBucket(aws, bucket, { appName: app.name, setting: app.bucket, account });
  if (made === 'made') onEvent({ type: 'bucket', bucket });
}

/** Asked anew each time: it changes while others are waited for. */
function isStopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** What follows from a plan. @throws {DATA_LOSS} when something would be gone for good and nobody has allowed it. */
async function decide(
  planned: PlannedDeploy,
  { app, aws, allowsDataLoss = false, isPruning = false, confirm, signal }: Job,
): Promise<'deploy' | 'nothing' | 'declined' | 'stopped'> {
  const losses = await realLosses(planned.plan.losses, aws);
  if (losses.length > 0 && !allowsDataLoss) {
    await planned.discard();
    throw errors.dataLoss(losses);
  }
  if (isStopped(signal)) return 'stopped';
  const mayRemoveFiles = isPruning && app.static.isServed;
  if (planned.isEmpty && !mayRemoveFiles) return 'nothing';
  if (!(await confirm(planned.plan))) return 'declined';
  return planned.isEmpty ? 'nothing' : 'deploy';
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
