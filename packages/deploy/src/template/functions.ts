import { createHash } from 'node:crypto';
import { environmentOf } from './environment.ts';
import { attribute, ref, substitute } from './intrinsics.ts';
import { describePart, mergeResources, type PartOf, type Resources } from './parts.ts';
import { roleId } from './roles.ts';
import { bucketParameter, type Resource, type Value } from './template.ts';
import type { Context, Unit } from './units.ts';

/** The resources that a function runs by: itself, its log, and what keeps environments warm. */
export function functions(context: Context): Resources {
  return mergeResources(context.units.map((unit) => resourcesOf(context, unit)));
}

/** The logical id of the function itself. */
export function functionId({ baseId }: Unit): string {
  return `${baseId}Lambda`;
}

/** What invokes a function names it by: its alias when that is what is kept warm. */
export function invokedId(unit: Unit): string {
  return isWarm(unit) ? aliasId(unit) : functionId(unit);
}

/** CloudFormation takes ids of 255 characters, and what stands behind this one is shorter than `Permission`. */
const maxSourceId = 240;

/** SAM's id for what brings events of a name to a function: that of the function, and the event's. */
export function sourceId(unit: Unit, eventName: string): string {
  const id = `${functionId(unit)}${eventName}`;
  return id.length <= maxSourceId ? id : `${functionId(unit)}Source`;
}

/** The ARN of that, for services that ask for one. */
export function invokedArn(unit: Unit): Value {
  return isWarm(unit) ? ref(aliasId(unit)) : attribute(functionId(unit), 'Arn');
}

/** The URI of an integration, for `substitute`. A bare ARN would do for HTTP only (fact I3). */
export function invocationUri(unit: Unit): string {
  const target = isWarm(unit) ? aliasId(unit) : `${functionId(unit)}.Arn`;
  const path = `lambda:path/2015-03-31/functions/\${${target}}/invocations`;
  return `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:${path}`;
}

function resourcesOf(context: Context, unit: Unit): Resources {
  const { Metadata, ...created } = createFunction(context, unit);
  return {
    [functionId(unit)]: { ...created, ...(Metadata && { Metadata }) },
    [logGroupId(unit)]: {
      Type: 'AWS::Logs::LogGroup',
      Properties: {
        LogGroupName: substitute(unit.logGroupName),
        RetentionInDays: unit.settings.logRetention,
      },
      Metadata: metadata(unit, 'logs'),
    },
    ...warmed(unit, [created, unit.settings.env ? (context.variablesRevision ?? '') : '']),
  };
}

function createFunction(context: Context, unit: Unit): Resource {
  const { settings, code } = unit;
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: ref(bucketParameter), S3Key: code.key },
      Handler: code.handler,
      Runtime: settings.runtime,
      Architectures: [settings.architecture],
      MemorySize: settings.memory,
      Timeout: settings.timeout,
      EphemeralStorage: { Size: settings.storage },
      Role: attribute(roleId(unit), 'Arn'),
      LoggingConfig: { LogGroup: ref(logGroupId(unit)) },
      Environment: { Variables: environmentOf(context, unit) },
      ...(settings.concurrency !== undefined && { ReservedConcurrentExecutions: settings.concurrency }),
      ...(settings.layers.length > 0 && { Layers: settings.layers }),
    },
    Metadata: metadata(unit, 'function'),
  };
}

/** A version is what a function was when it was made, so each state of the function has one of its own. */
function warmed(unit: Unit, state: readonly unknown[]): Resources {
  const { provisionedConcurrency } = unit.settings;
  if (provisionedConcurrency === undefined) return {};
  const version = `${functionId(unit)}Version${createHash('sha256').update(JSON.stringify(state)).digest('hex').slice(0, 8)}`;
  return {
    [version]: {
      Type: 'AWS::Lambda::Version',
      // Code that was put there behind CloudFormation's back is not published in the place of ours.
      Properties: { FunctionName: ref(functionId(unit)), CodeSha256: unit.code.sha256 },
      Metadata: metadata(unit, 'version'),
    },
    [aliasId(unit)]: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        Name: 'live',
        FunctionName: ref(functionId(unit)),
        FunctionVersion: attribute(version, 'Version'),
        ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: provisionedConcurrency },
      },
      Metadata: metadata(unit, 'alias'),
    },
  };
}

function isWarm({ settings }: Unit): boolean {
  return settings.provisionedConcurrency !== undefined;
}

/** SAM's id for the alias that Architect asks it for. */
function aliasId(unit: Unit): string {
  return `${functionId(unit)}Aliaslive`;
}

function logGroupId({ baseId }: Unit): string {
  return `${baseId}LogGroup`;
}

function metadata({ name, label }: Unit, part: PartOf['part']): Readonly<Record<string, Value>> {
  return describePart({ part, name, label });
}
