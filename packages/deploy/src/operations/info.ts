import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { readResources } from '../plan/parts.ts';
import type { Target } from '../target.ts';
import type { Urls } from './deploy-event.ts';
import { mapLimited } from './map-limited.ts';
import { stackState } from './stack-state.ts';
import { urlsOf } from './urls.ts';

export interface StackInfo {
  readonly stackName: string;
  readonly status: string;
  readonly region: string;
  readonly account: string;
  readonly createdAtMs: number;
  readonly deployedAtMs: number;
  readonly urls: Urls;
  readonly functions: readonly {
    readonly label: string;
    readonly physicalId: string;
    readonly bytes: number;
    readonly runtime: string;
    /** When its code or settings last changed. */
    readonly modifiedAtMs: number | undefined;
  }[];
  readonly tables: readonly { readonly label: string; readonly physicalId: string }[];
}

const callsAtOnce = 8;

/** What is deployed. @throws {STACK_MISSING} when nothing is. */
export async function readInfo(aws: Aws, target: Target): Promise<StackInfo> {
  const { account } = await aws.identity();
  const stack = await aws.stacks.describe(target.stackName);
  if (stack === undefined || stackState(stack) === 'absent') throw errors.stackMissing(target);
  const template = await aws.stacks.template(target.stackName);
  const all = await aws.stacks.resources(target.stackName);
  const resources = all.filter(({ status }) => status !== 'DELETE_COMPLETE');
  const parts = readResources(template);
  const labelled = resources.map((each) => ({
    ...each,
    label: parts.get(each.logicalId)?.part?.label || each.logicalId,
  }));
  const functions = labelled.filter(({ type, physicalId }) => type === 'AWS::Lambda::Function' && physicalId !== '');
  const states = await mapLimited(functions, callsAtOnce, ({ physicalId }) => aws.functions.state(physicalId));
  return {
    stackName: target.stackName,
    status: stack.status,
    region: aws.region,
    account,
    createdAtMs: stack.createdAtMs,
    deployedAtMs: stack.updatedAtMs ?? stack.createdAtMs,
    urls: urlsOf(stack),
    functions: functions.map(({ label, physicalId }, index) => ({
      label,
      physicalId,
      bytes: states[index]?.codeBytes ?? 0,
      runtime: states[index]?.runtime ?? '',
      modifiedAtMs: states[index]?.modifiedAtMs,
    })),
    tables: labelled
      .filter(({ type }) => type === 'AWS::DynamoDB::Table')
      .map(({ label, physicalId }) => ({ label, physicalId })),
  };
}
