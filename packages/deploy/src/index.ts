export type { Aws, AwsCall } from './aws/aws.ts';
export { openAws, type OpenAwsOptions } from './open.ts';
export { appFaults } from './operations/app-faults.ts';
export { listVariables, type AppVariable } from './operations/app-variables.ts';
export { chooseFunctions, suggestFunction } from './operations/choose-functions.ts';
export { deployDirty } from './operations/deploy-dirty.ts';
export type { DeployEvent, OnDeployEvent, Urls } from './operations/deploy-event.ts';
export { deployStatic } from './operations/deploy-static.ts';
export { deploy, type DeployOptions, type DeployResult } from './operations/deploy.ts';
export { destroy, findDoomed, type BucketEnd, type Doomed } from './operations/destroy.ts';
export {
  checkIsKept,
  checkVariable,
  putVariable,
  removeVariable,
  type VariableStage,
} from './operations/edit-variables.ts';
export { readInfo, type StackInfo } from './operations/info.ts';
export { ejectCommands, packageTo, type WrittenPackage } from './operations/package-to.ts';
export { pause } from './operations/pause.ts';
export { readLogs, type FunctionLine } from './operations/read-logs.ts';
export { errors as deployErrors } from './errors.ts';
export type { Plan, PlanLine } from './plan/plan.ts';
export { deployTarget, type Stage, type Target } from './target.ts';
