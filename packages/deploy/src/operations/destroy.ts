import type { Aws, StackResource } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { stackName } from '@furrow/manifest';
import type { Target } from '../target.ts';
import { variablesPath } from './app-variables.ts';
import { bucketParameterName } from './deploy-bucket.ts';
import type { OnDeployEvent } from './deploy-event.ts';
import { followStack } from './follow.ts';
import { reportResource } from './report-resource.ts';
import { checkOwner, waitForEnd } from './settle-stack.ts';
import { stackState } from './stack-state.ts';

/** What a destroy takes away. */
export interface Doomed {
  readonly stackId: string;
  readonly template: string | undefined;
  readonly status: string;
  readonly tables: readonly StackResource[];
  /** Buckets of the stack with files in them. */
  readonly buckets: readonly StackResource[];
  /** Names of the app's own variables of this stage. */
  readonly variables: readonly string[];
}

/**
 * What there is to destroy; changes nothing.
 *
 * @throws {STACK_MISSING} when there is no such stack.
 * @throws {STACK_FOREIGN} when another tool made it.
 */
export async function findDoomed(aws: Aws, target: Target): Promise<Doomed> {
  const stack = await aws.stacks.describe(target.stackName);
  if (stack === undefined || stack.status === 'DELETE_COMPLETE') throw errors.stackMissing(target);
  const template = await aws.stacks.template(target.stackName);
  checkOwner(template, target);
  const resources = (await aws.stacks.resources(target.stackName)).filter(({ status }) => status !== 'DELETE_COMPLETE');
  const buckets = resources.filter(({ type, physicalId }) => type === 'AWS::S3::Bucket' && physicalId !== '');
  const hasFiles = await Promise.all(
    buckets.map(async ({ physicalId }) => (await aws.objects.list(physicalId, { most: 1 })).length > 0),
  );
  const variables =
    target.name === undefined ? await aws.parameters.list(variablesPath(target.appName, target.stage)) : [];
  return {
    stackId: stack.id,
    template,
    status: stack.status,
    tables: resources.filter(({ type }) => type === 'AWS::DynamoDB::Table'),
    buckets: buckets.filter((_bucket, index) => hasFiles[index]),
    variables: variables.map(({ name }) => name),
  };
}

export interface DestroyOptions {
  readonly aws: Aws;
  readonly target: Target;
  readonly doomed: Doomed;
  readonly onEvent: OnDeployEvent;
  readonly pollMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What became of the deploy bucket. */
export type BucketEnd =
  | { readonly bucket: string; readonly isRemoved: boolean; readonly usedBy: readonly string[] }
  | undefined;

/**
 * Removes a stack with all that is in it, the stage's own variables, and the deploy bucket when no other stack of the app
 * is left.
 *
 * What runs on the stack is waited for first.
 *
 * @returns `'left'` when the signal ended the watching, `'stopped'` when it came before anything was removed.
 * @throws {DESTROY_FAILED} when CloudFormation could not remove something.
 */
export async function destroy(options: DestroyOptions): Promise<'left' | 'stopped' | { readonly bucket: BucketEnd }> {
  const { aws, target, doomed, onEvent, pollMs, signal } = options;
  const { stackId } = doomed;
  if (stackState(doomed) === 'busy') {
    onEvent({ type: 'joined', status: doomed.status });
    if ((await waitForEnd(options, { id: stackId }, doomed.template)) === 'stopped') return 'stopped';
  }
  for (const { physicalId } of doomed.buckets) await aws.objects.emptyBucket(physicalId);
  const afterId = await aws.stacks.newestEventId(stackId);
  await aws.stacks.remove(target.stackName);
  const report = reportResource({ template: doomed.template, stackId, onEvent });
  const watching = { aws, stackName: stackId, afterId, isBeginning: true, pollMs, signal };
  const followed = await followStack({ ...watching, onEvent: report });
  if (followed === undefined) return 'left';
  const { stack, failure } = followed;
  if (stack !== undefined && stackState(stack) !== 'absent') {
    throw errors.destroyFailed(target, {
      what: failure?.logicalId,
      reason: failure?.reason ?? stack.statusReason ?? '',
    });
  }
  if (doomed.variables.length > 0) await aws.parameters.remove(doomed.variables);
  return { bucket: await endBucket(aws, target) };
}

/** The deploy bucket goes with the app's last stack. */
async function endBucket(aws: Aws, target: Target): Promise<BucketEnd> {
  const parameter = bucketParameterName(target.appName);
  const bucket = await aws.parameters.get(parameter);
  if (bucket === undefined) return undefined;
  const stages = (['staging', 'production'] as const).map((stage) => stackName(target.appName, stage));
  const usedBy = (await aws.stacks.list())
    .map(({ name }) => name)
    .filter((name) => name !== target.stackName && stages.some((stage) => name.startsWith(stage)));
  if (usedBy.length > 0) return { bucket, isRemoved: false, usedBy };
  await aws.objects.removeBucket(bucket);
  await aws.parameters.remove([parameter]);
  return { bucket, isRemoved: true, usedBy };
}
