import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { readResources } from '../plan/parts.ts';
import type { Target } from '../target.ts';
import { followGroups, type FollowOptions, type Group } from './follow-groups.ts';

export type { FunctionLine } from './follow-groups.ts';

export interface LogsOptions extends FollowOptions {
  readonly aws: Aws;
  readonly target: Target;
  /** Names of functions, `ws/join`; all for none. */
  readonly functions: readonly string[];
}

/**
 * Reads what functions have printed, oldest first, all functions together.
 *
 * @throws {STACK_MISSING} when nothing is deployed.
 * @throws {FUNCTION_NOT_DEPLOYED} when a function is not in the stack.
 */
export async function readLogs(options: LogsOptions): Promise<void> {
  await followGroups(options.aws.logs, await findGroups(options), options);
}

async function findGroups({ aws, target, functions }: LogsOptions): Promise<readonly Group[]> {
  const { stackName } = target;
  if ((await aws.stacks.describe(stackName)) === undefined) throw errors.stackMissing(target);
  const template = await aws.stacks.template(stackName);
  const resources = await aws.stacks.resources(stackName);
  const parts = readResources(template);
  const groups = resources.flatMap(({ logicalId, type, physicalId }) => {
    const part = parts.get(logicalId)?.part;
    if (part === undefined || type !== 'AWS::Logs::LogGroup') return [];
    return [{ name: part.name, label: part.label, group: physicalId }];
  });
  const missing = functions.filter((name) => !groups.some((each) => each.name === name));
  if (missing.length > 0) throw errors.functionNotDeployed(missing.map((name) => name.replace(/^\w+\//, '')));
  return functions.length === 0 ? groups : groups.filter(({ name }) => functions.includes(name));
}
