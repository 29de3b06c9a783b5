import type { Value } from './template.ts';

/** The value of a parameter, or what a resource is known by: its id, its name. */
export function ref(logicalId: string): Value {
  return { Ref: logicalId };
}

/** Another attribute of a resource. */
export function attribute(logicalId: string, name: string): Value {
  return { 'Fn::GetAtt': [logicalId, name] };
}

/** A text with `${...}` in it. What comes from an app goes in by way of `plain`. */
export function substitute(text: string): Value {
  return { 'Fn::Sub': text };
}

/** A text that `substitute` leaves as it is. */
export function plain(text: string): string {
  return text.replaceAll('${', '${!');
}

/**
 * An ARN for `substitute`, in the stack's own partition, region and account (fact I21):
 * `arn('ssm', 'parameter/x')`.
 */
export function arn(service: string, resource: string): string {
  return `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;
}

/** Where an API answers: `apiHost('WS')` for `substitute`. */
export function apiHost(apiId: string): string {
  return `\${${apiId}}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}`;
}
