import { stackName } from '@furrow/manifest';
import type { Aws, StackResource } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { readResources } from '../plan/parts.ts';
import type { Stage, Target } from '../target.ts';
import { listVariables, variablesPath } from './app-variables.ts';
import { bucketParameterName } from './deploy-bucket.ts';
import type { OnDeployEvent } from './deploy-event.ts';
import { followStack } from './follow.ts';
import { reportResource } from './report-resource.ts';
import { checkOwner, waitForEnd } from './settle-stack.ts';
import { stackState } from './stack-state.ts';

/** What a destroy takes away. */
export interface Doomed {
  /** Absent when it is gone already, and only what belongs to it is left. */
  readonly stack: { readonly id: string; readonly template: string | undefined } | undefined;
  readonly tables: readonly StackResource[];
  /** Buckets of the stack with files in them. */
  readonly buckets: readonly StackResource[];
  /** Names of the app's own variables of this stage that go with it. */
  readonly variables: readonly string[];
  /** Stacks of the same stage that stay, and use its variables, so that these stay too. */
  readonly variablesKeptFor: readonly string[];
}

export interface DestroyOptions {
  readonly aws: Aws;
  readonly target: Target;
  readonly onEvent: OnDeployEvent;
  readonly pollMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * What there is to destroy; changes nothing. What runs on the stack is waited for first.
 *
 * @returns `'stopped'` when the signal ended the waiting.
 * @throws {STACK_MISSING} when there is no such stack, and nothing that belonged to it.
 * @throws {STACK_FOREIGN} when another tool made it.
 * @throws {STACK_PROTECTED} when AWS would refuse.
 */
export async function findDoomed(options: DestroyOptions): Promise<Doomed | 'stopped'> {
  const { aws, target, onEvent } = options;
  for (;;) {
    const stack = await aws.stacks.describe(target.stackName);
    if (stack === undefined || stack.status === 'DELETE_COMPLETE') return findLeftovers(aws, target);
    const template = await aws.stacks.template(target.stackName);
    checkOwner(template, target);
    if (stackState(stack) !== 'busy') {
      if (stack.isProtected) throw errors.stackProtected(target);
      const [data, variables] = [await findData(aws, target, template), await findVariables(aws, target)];
      return { stack: { id: stack.id, template }, ...data, ...variables };
    }
    onEvent({ type: 'joined', status: stack.status });
    if ((await waitForEnd(options, stack, template)) === 'stopped') return 'stopped';
  }
}

async function findLeftovers(aws: Aws, target: Target): Promise<Doomed> {
  const found = await findVariables(aws, target);
  const bucket = await findBucket(aws, target);
  const isLast = bucket !== undefined && bucket.usedBy.length === 0;
  if (found.variables.length === 0 && !isLast) throw errors.stackMissing(target);
  return { stack: undefined, tables: [], buckets: [], ...found };
}

/** Tables and full buckets that would go; what the template says to retain stays, with all that is in it. */
async function findData(
  aws: Aws,
  { stackName: name }: Target,
  template: string | undefined,
): Promise<Pick<Doomed, 'tables' | 'buckets'>> {
  const known = readResources(template);
  const resources = (await aws.stacks.resources(name)).filter(
    ({ status, logicalId }) => status !== 'DELETE_COMPLETE' && known.get(logicalId)?.isRetained !== true,
  );
  const buckets = resources.filter(({ type, physicalId }) => type === 'AWS::S3::Bucket' && physicalId !== '');
  const hasFiles = await Promise.all(
    buckets.map(async ({ physicalId }) => (await aws.objects.list(physicalId, { most: 1 })).length > 0),
  );
  return {
    tables: resources.filter(({ type }) => type === 'AWS::DynamoDB::Table'),
    buckets: buckets.filter((_bucket, index) => hasFiles[index]),
  };
}

/** The variables are the stage's: a stack with a name of its own only uses them, and keeps them alive. */
async function findVariables(aws: Aws, target: Target): Promise<Pick<Doomed, 'variables' | 'variablesKeptFor'>> {
  const { appName, stage, name } = target;
  const found = name === undefined ? await listVariables(aws.parameters, target) : [];
  if (found.length === 0) return { variables: [], variablesKeptFor: [] };
  const others = await otherStacks(aws, target, [stage]);
  const path = variablesPath(appName, stage);
  return { variables: others.length > 0 ? [] : found.map((each) => `${path}/${each.name}`), variablesKeptFor: others };
}

/** Stacks of the app beside this one, in these stages; of another app whose name begins alike, rather one too many. */
async function otherStacks(
  aws: Aws,
  { appName, stackName: own }: Target,
  stages: readonly Stage[],
): Promise<readonly string[]> {
  const beginnings = stages.map((stage) => stackName(appName, stage));
  const names = (await aws.stacks.list()).map(({ name }) => name);
  return names.filter((name) => name !== own && beginnings.some((beginning) => name.startsWith(beginning)));
}

/** What became of the deploy bucket. */
export type BucketEnd =
  | { readonly bucket: string; readonly isRemoved: boolean; readonly usedBy: readonly string[] }
  | undefined;

/**
 * Removes a stack with all that is in it, the stage's own variables, and the deploy bucket when no other stack of the app
 * is left.
 *
 * @returns `'left'` when the signal ended the watching; doing it again finishes what is left then.
 * @throws {DESTROY_FAILED} when CloudFormation could not remove something.
 */
export async function destroy(
  options: DestroyOptions & { readonly doomed: Doomed },
): Promise<'left' | { readonly bucket: BucketEnd }> {
  const { aws, target, doomed } = options;
  for (const { physicalId } of doomed.buckets) await aws.objects.emptyBucket(physicalId);
  if (doomed.stack !== undefined && (await removeStack(options, doomed.stack)) === 'left') return 'left';
  if (doomed.variables.length > 0) await aws.parameters.remove(doomed.variables);
  return { bucket: await endBucket(aws, target) };
}

async function removeStack(
  { aws, target, onEvent, pollMs, signal }: DestroyOptions,
  { id, template }: NonNullable<Doomed['stack']>,
): Promise<'left' | 'removed'> {
  const afterId = await aws.stacks.newestEventId(id);
  await aws.stacks.remove(id);
  const report = reportResource({ template, stackId: id, onEvent });
  const watching = { aws, stackName: id, afterId, isBeginning: true, pollMs, signal };
  const followed = await followStack({ ...watching, onEvent: report });
  if (followed === undefined) return 'left';
  const { stack, failure } = followed;
  if (stack === undefined || stackState(stack) === 'absent') return 'removed';
  const reason = failure?.reason ?? stack.statusReason ?? '';
  throw errors.destroyFailed(target, { what: failure?.logicalId, reason });
}

/** The remembered deploy bucket, and the stacks beside this one that may use it. */
async function findBucket(
  aws: Aws,
  target: Target,
): Promise<{ readonly bucket: string; readonly usedBy: readonly string[] } | undefined> {
  const bucket = await aws.parameters.get(bucketParameterName(target.appName));
  if (bucket === undefined) return undefined;
  return { bucket, usedBy: await otherStacks(aws, target, ['staging', 'production']) };
}

/** The deploy bucket goes with the app's last stack. */
async function endBucket(aws: Aws, target: Target): Promise<BucketEnd> {
  const found = await findBucket(aws, target);
  if (found === undefined) return undefined;
  const { bucket, usedBy } = found;
  if (usedBy.length > 0) return { bucket, isRemoved: false, usedBy };
  await aws.objects.removeBucket(bucket);
  await aws.parameters.remove([bucketParameterName(target.appName)]);
  return { bucket, isRemoved: true, usedBy };
}
