import { randomBytes } from 'node:crypto';
import type { App } from '@furrow/manifest';
import type { Aws, ChangeSetInput, ResourceChange } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import type { PackagedFunction } from '../package/package.ts';
import { createPlan, type Plan } from '../plan/plan.ts';
import { adoptedFrom } from '../template/adopted.ts';
import { createTemplate, functionIds, templateText, variableParameter } from '../template/create-template.ts';
import { checkIndexes } from '../template/index-changes.ts';
import { checkLimits } from '../template/limits.ts';
import { bucketParameter, type Template } from '../template/template.ts';
import { isInline } from '../template/template-text.ts';
import type { Target } from '../target.ts';
import type { AppVariable } from './app-variables.ts';
import type { CheckedApp } from './check-app.ts';
import { findDrift, type DeployedFunction } from './drift.ts';
import type { SettledStack } from './settle-stack.ts';
import { stackState, stateMark } from './stack-state.ts';
import { handOverTemplate } from './upload.ts';

export interface PlanDeployOptions {
  readonly app: App;
  readonly target: Target;
  readonly aws: Aws;
  readonly checked: CheckedApp;
  /** `undefined`: a new stack. */
  readonly current: SettledStack | undefined;
  readonly bucket: string;
  readonly variables: readonly AppVariable[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Sees to it that the deploy bucket is there. */
  readonly ensureBucket: () => Promise<void>;
}

export interface PlannedDeploy {
  readonly plan: Plan;
  /** The name of the change set; absent when the template changes nothing. */
  readonly changeSet: string | undefined;
  readonly isNew: boolean;
  /** What the stack was like when this was planned; see `stateMark`. */
  readonly plannedOn: string;
  /** Logical ids that the change set is about. */
  readonly touched: ReadonlySet<string>;
  /** Whether neither template nor code differs. */
  readonly isEmpty: boolean;
  /** Functions whose zip CloudFormation will read, so that the deploy bucket must have it. */
  readonly toSend: readonly PackagedFunction[];
  /** Functions that get their code without CloudFormation. */
  readonly drifted: readonly DeployedFunction[];
  readonly template: string;
  /** Removes what planning has left on AWS. */
  readonly discard: () => Promise<void>;
}

/**
 * Asks CloudFormation what would change, and says it in the app's own words. Changes nothing.
 *
 * @returns `'busy'` when somebody else's deploy has begun meanwhile.
 * @throws {INDEXES_AT_ONCE} when DynamoDB would refuse what changes of a table.
 * @throws {PLAN_FAILED} when CloudFormation finds a fault in the template.
 */
export async function planDeploy(options: PlanDeployOptions): Promise<PlannedDeploy | 'busy'> {
  const { target, aws, checked, current } = options;
  const { stackName } = target;
  const isNew = current === undefined;
  const template = templateFor(options);
  const text = templateText(template);
  checkIndexes(current?.template, text);
  const changeSet = await aws.stacks.createChangeSet(await changeSetInput(options, text));
  // For a new stack an empty one stays behind (REVIEW_IN_PROGRESS). Somebody may be filling it meanwhile, so it is left.
  const discard = () => aws.stacks.deleteChangeSet(stackName, changeSet.name);
  if (changeSet.type === 'failed') {
    const state = stackState(await aws.stacks.describe(stackName));
    if (state === 'busy' || (isNew && state !== 'absent')) return 'busy';
    await discard();
    throw errors.changeSetFailed(stackName, changeSet.reason);
  }

  const changes = changeSet.type === 'ready' ? changeSet.changes : [];
  const newCode = new Set(changes.filter(bringsCode).map(({ logicalId }) => logicalId));
  const { functions } = checked;
  const ids = functionIds(template);
  const drifted = isNew ? [] : await findDrift(aws, { stackName, functions, ids, newCode });
  const labels = drifted.map(({ packaged }) => packaged.label);
  return {
    plan: createPlan({ changes, before: current?.template, after: text, drifted: labels }),
    changeSet: changeSet.type === 'ready' ? changeSet.name : undefined,
    isNew,
    plannedOn: stateMark(current?.stack),
    touched: new Set(changes.map(({ logicalId }) => logicalId)),
    isEmpty: changeSet.type === 'empty' && drifted.length === 0,
    toSend: functions.filter(({ name }) => newCode.has(ids.get(name) ?? '')),
    drifted,
    template: text,
    discard,
  };
}

/** Whether CloudFormation will read the function's code. */
function bringsCode({ action, properties, replacement }: ResourceChange): boolean {
  return action === 'Add' || replacement === 'True' || properties.includes('Code');
}

/** @throws {TEMPLATE_TOO_LARGE} when CloudFormation would not take it. */
function templateFor({ app, target, checked, current, variables }: PlanDeployOptions): Template {
  const created = createTemplate({
    app,
    target,
    code: checked.code,
    variables: variables.map(({ name }) => name),
    variablesRevision: variables.map(({ name, modifiedAtMs }) => `${name} ${modifiedAtMs}`).join('\n'),
    ...(current && { adopted: adoptedFrom(current.template, app) }),
  });
  const template = checked.change.apply(created);
  checkLimits(template);
  return template;
}

async function changeSetInput(options: PlanDeployOptions, template: string): Promise<ChangeSetInput> {
  const { aws, target, current, checked, bucket, variables, tags, ensureBucket } = options;
  if (!isInline(template)) await ensureBucket();
  return {
    stackName: target.stackName,
    name: `furrow-${Date.now()}-${randomBytes(3).toString('hex')}`,
    isNew: current === undefined,
    isOfPlugins: !checked.change.isNothing,
    template: await handOverTemplate(aws, bucket, template),
    parameters: {
      [bucketParameter]: bucket,
      ...Object.fromEntries(variables.map(({ name, value }) => [variableParameter(name), value])),
    },
    // Without any, CloudFormation leaves those that are there.
    tags: tags === undefined ? {} : { ...current?.stack.tags, ...tags },
  };
}
