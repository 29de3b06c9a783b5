import type { Aws } from '../aws/aws.ts';
import type { PackagedFunction } from '../package/package.ts';
import { mapLimited } from './map-limited.ts';

const callsAtOnce = 8;

/** A function as it stands on AWS. */
export interface DeployedFunction {
  readonly packaged: PackagedFunction;
  readonly physicalId: string;
}

export interface FunctionSearch {
  readonly stackName: string;
  readonly functions: readonly PackagedFunction[];
  /** Logical ids by function name. */
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * Functions whose code is not what the template says, though the template says what is here: somebody has overwritten
 * it, `arc deploy dirty` or the console. CloudFormation would not notice.
 *
 * @param newCode logical ids of functions that get code by an update anyway.
 */
export async function findDrift(
  aws: Aws,
  { newCode, ...search }: FunctionSearch & { readonly newCode: ReadonlySet<string> },
): Promise<readonly DeployedFunction[]> {
  const { ids } = search;
  const deployed = await findFunctions(aws, search);
  const candidates = deployed.filter(({ packaged }) => !newCode.has(ids.get(packaged.name) ?? ''));
  const states = await mapLimited(candidates, callsAtOnce, ({ physicalId }) => aws.functions.state(physicalId));
  return candidates.filter(({ packaged }, index) => {
    const state = states[index];
    return state !== undefined && state.codeSha256 !== packaged.codeSha256;
  });
}

/** The functions that a stack has, with their names on AWS. */
export async function findFunctions(
  aws: Aws,
  { stackName, functions, ids }: FunctionSearch,
): Promise<readonly DeployedFunction[]> {
  const resources = await aws.stacks.resources(stackName);
  const physicalIds = new Map(resources.map(({ logicalId, physicalId }) => [logicalId, physicalId]));
  return functions.flatMap((packaged) => {
    const physicalId = physicalIds.get(ids.get(packaged.name) ?? '');
    return physicalId === undefined ? [] : [{ packaged, physicalId }];
  });
}
