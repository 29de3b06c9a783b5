import type { Aws, StackEvent } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { readResources } from '../plan/parts.ts';
import type { Target } from '../target.ts';
import type { OnDeployEvent } from './deploy-event.ts';
import { followStack } from './follow.ts';
import { mapLimited } from './map-limited.ts';
import type { PlannedDeploy } from './plan-deploy.ts';
import { describeResource, reportResource } from './report-resource.ts';
import { hasSucceeded, stateMark } from './stack-state.ts';
import { updateCode } from './update-code.ts';

export interface RollOutOptions {
  readonly aws: Aws;
  readonly planned: PlannedDeploy;
  readonly target: Target;
  readonly bucket: string;
  readonly pollMs: number;
  readonly onEvent: OnDeployEvent;
  readonly signal: AbortSignal | undefined;
}

const updatesAtOnce = 5;

/**
 * Does what was planned, and follows CloudFormation to the end.
 *
 * @returns `'left'` when the signal ended the watching, `'interrupted'` when it came before CloudFormation was asked,
 * `'overtaken'` when somebody else's deploy was faster, and a new plan is needed.
 * @throws {DEPLOY_FAILED} with the first resource that failed, and what became of the rest.
 */
export async function rollOut(options: RollOutOptions): Promise<'deployed' | 'left' | 'interrupted' | 'overtaken'> {
  const { aws, planned, target, signal } = options;
  // What is about to be mended may have been deployed anew while a person was asked.
  if (stateMark(await aws.stacks.describe(target.stackName)) !== planned.plannedOn) return 'overtaken';
  // First: a version that CloudFormation publishes is made of the code that a function has then.
  await mendCode(options);
  if (signal?.aborted === true) return 'interrupted';
  if (planned.changeSet !== undefined) return executeChangeSet(options, planned.changeSet);
  // A change set that changes nothing is only in the way.
  await planned.discard();
  return 'deployed';
}

async function mendCode({ aws, planned, bucket, pollMs, onEvent }: RollOutOptions): Promise<void> {
  await mapLimited(planned.drifted, updatesAtOnce, async (deployed) => {
    const outcome = await updateCode(deployed, { aws, bucket: () => Promise.resolve(bucket), pollMs });
    const { label, zip } = deployed.packaged;
    onEvent({ type: 'code', label, bytes: zip.length, isSame: outcome === 'same' });
  });
}

async function executeChangeSet(
  options: RollOutOptions,
  changeSet: string,
): Promise<'deployed' | 'left' | 'overtaken'> {
  const { aws, planned, target, pollMs, onEvent, signal } = options;
  const { stackName } = target;
  const afterId = await aws.stacks.newestEventId(stackName);
  if ((await aws.stacks.executeChangeSet(stackName, changeSet)) === 'overtaken') return 'overtaken';
  const { id } = (await aws.stacks.describe(stackName)) ?? { id: stackName };
  const { template, touched } = planned;
  const report = reportResource({ template, stackId: id, touched, onEvent });
  const watching = { aws, stackName: id, afterId, isBeginning: true, pollMs, signal };
  const followed = await followStack({ ...watching, onEvent: report });
  if (followed === undefined) return 'left';
  const status = followed.stack?.status ?? 'DELETE_COMPLETE';
  if (!hasSucceeded(status)) throw deployFailed(stackName, { status, failure: followed.failure }, template);
  await removeBuckets(options);
  return 'deployed';
}

/** CloudFormation lets go of a bucket with files and leaves it there; who has allowed the loss wants it gone. */
async function removeBuckets({ aws, planned }: RollOutOptions): Promise<void> {
  for (const { type, physicalId } of planned.plan.losses) {
    if (type === 'AWS::S3::Bucket' && physicalId !== undefined) await aws.objects.removeBucket(physicalId);
  }
}

function deployFailed(
  stackName: string,
  { status, failure }: { readonly status: string; readonly failure: StackEvent | undefined },
  template: string,
): Error {
  if (failure === undefined) return errors.deployFailed({ stackName, status, what: undefined, deed: '', reason: '' });
  const { logicalId, reason = '' } = failure;
  const part = readResources(template).get(logicalId)?.part;
  const what = part === undefined ? logicalId : `${describeResource(part, logicalId)} (${logicalId})`;
  const deed = failure.status.startsWith('CREATE')
    ? 'created'
    : failure.status.startsWith('UPDATE')
      ? 'updated'
      : 'removed';
  return errors.deployFailed({ stackName, status, what, deed, reason });
}
