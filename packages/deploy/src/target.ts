import { logicalId, stackName } from '@furrow/manifest';

export type Stage = 'staging' | 'production';

/** Which stack a command is about. */
export interface Target {
  readonly appName: string;
  /** Also the name of the web socket's stage on API Gateway, and `ARC_ENV`. */
  readonly stage: Stage;
  /** What `--name` adds. */
  readonly name: string | undefined;
  /** `TestappStaging`, or `TestappStagingPreview` with a name; as Architect has it. */
  readonly stackName: string;
}

/** The stack of an app in a stage. Pure. */
export function deployTarget(appName: string, stage: Stage, name?: string): Target {
  return { appName, stage, name, stackName: stackName(appName, stage) + (name === undefined ? '' : logicalId(name)) };
}
