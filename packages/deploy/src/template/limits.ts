import { errors } from '../errors.ts';
import type { Target } from '../target.ts';
import { functionIds } from './create-template.ts';
import { expand, policyCharacters } from './sizes.ts';
import { templateText } from './template-text.ts';
import type { Resource, Template, Value } from './template.ts';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (read 2026-11) */
const most = { resources: 500, parameters: 200, outputs: 200, bytes: 1_000_000 } as const;

/** Of the policies that stand in a role, together. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11) */
const maxPolicyCharacters = 10_240;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html (read 2026-11) */
const maxLogGroupName = 512;
/** Of a stack, and of an API, which is called like its stack or a little longer. */
const maxName = 128;
/** Of one API; so many integrations, too (facts E5, E6). Of authorizers it takes 10 (E3), and an app has at most one. */
const maxRoutes = 300;

/** How long a stack's name is taken to be where it is not known. */
const usualStackName = 'S'.repeat(40);

/** What CloudFormation would refuse a template for, a sentence each; nothing for a template that fits. */
export function templateFaults(template: Template, stackName = usualStackName): readonly string[] {
  const counts = {
    resources: Object.keys(template.Resources).length,
    parameters: Object.keys(template.Parameters).length,
    outputs: Object.keys(template.Outputs).length,
    bytes: Buffer.byteLength(templateText(template)),
  };
  const ofTemplate = (['resources', 'parameters', 'outputs', 'bytes'] as const)
    .filter((kind) => counts[kind] > most[kind])
    .map((kind) => `The template has ${counts[kind]} ${kind}; CloudFormation takes ${most[kind]}.`);
  const ofRoles = resourcesOf(template, 'AWS::IAM::Role')
    .map(([id, { Properties }]) => [id, policyCharacters(Properties?.['Policies'], stackName)] as const)
    .filter(([, characters]) => characters > maxPolicyCharacters)
    .map(([id, count]) => `The role ${id} has policies of ${count} characters; IAM takes ${maxPolicyCharacters}.`);
  return [...ofTemplate, ...ofRoles, ...routeFaults(template)];
}

/** Fewer fit into a stack today, so this is the second word on it. */
function routeFaults(template: Template): readonly string[] {
  const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route');
  return resourcesOf(template, 'AWS::ApiGatewayV2::Api')
    .map(([id]) => [id, routes.filter(([, { Properties }]) => isRef(Properties?.['ApiId'], id)).length] as const)
    .filter(([, count]) => count > maxRoutes)
    .map(([id, count]) => `The API ${id} has ${count} routes; API Gateway takes ${maxRoutes}.`);
}

function isRef(value: Value | undefined, id: string): boolean {
  return typeof value === 'object' && 'Ref' in value && value['Ref'] === id;
}

/** @throws {TEMPLATE_TOO_LARGE} when CloudFormation would not take the template. */
export function checkLimits(template: Template): void {
  const faults = templateFaults(template);
  if (faults.length > 0) throw errors.templateTooLarge(faults.join(' '), kindsIn(template));
}

/**
 * @throws {APP_NAME_RESERVED} when AWS keeps names that begin like the app's for itself.
 * @throws {NAME_TOO_LONG} when a name is longer than AWS takes it.
 */
export function checkNames(target: Target, template: Template): void {
  const reserved = reservedStart(target);
  if (reserved !== undefined) throw errors.appNameReserved(target.appName, reserved);
  const faults = nameFaults(target, template);
  if (faults.length > 0) throw errors.nameTooLong(faults);
}

/** What the parameters of an app or a stack may not begin with. @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (read 2026-11) */
function reservedStart({ appName, stackName }: Target): string | undefined {
  const starts = [appName, stackName].map((name) => /^(?:aws|ssm)/i.exec(name)?.[0].toLowerCase());
  return starts.find((start) => start !== undefined);
}

function nameFaults({ stackName }: Target, template: Template): readonly string[] {
  const names = (type: string, key: string) =>
    resourcesOf(template, type).map(([, { Properties }]) =>
      String(expand(Properties?.[key] ?? '', { stackName, resolve: (name) => name })),
    );
  const named = [
    { what: 'stack', most: maxName, names: [stackName] },
    { what: 'API', most: maxName, names: names('AWS::ApiGatewayV2::Api', 'Name') },
    { what: 'log group', most: maxLogGroupName, names: names('AWS::Logs::LogGroup', 'LogGroupName') },
  ];
  return named.flatMap((each) =>
    each.names
      .filter((name) => name.length > each.most)
      .map((name) => `The name of the ${each.what} ${name} has ${name.length} characters; AWS takes ${each.most}.`),
  );
}

/** Which kinds of functions an app has: `ws`, `http`. */
function kindsIn(template: Template): ReadonlySet<string> {
  return new Set([...functionIds(template).keys()].map((name) => name.split('/')[0] ?? ''));
}

function resourcesOf({ Resources }: Template, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}
