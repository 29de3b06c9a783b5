import { logicalId, stackName } from '@furrow/manifest';
import { errors } from './errors.ts';

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

/**
 * The stack of an app in a stage. Pure.
 *
 * @throws {STACK_NAME} when nothing of the name could stand in the name of a stack: it would be another stack's.
 */
export function deployTarget(appName: string, stage: Stage, name?: string): Target {
  if (name !== undefined && !/^[a-zA-Z0-9][\w.-]*$/.test(name)) throw errors.stackNamePart(name);
  return { appName, stage, name, stackName: stackName(appName, stage) + (name === undefined ? '' : logicalId(name)) };
}
