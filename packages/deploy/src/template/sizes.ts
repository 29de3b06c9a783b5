/**
 * A text of a template as CloudFormation makes it, to be measured: pseudo parameters by values of the usual length, and
 * other references by `resolve`.
 */
export function expand(value: unknown, { stackName, resolve }: Expansion): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => expand(each, { stackName, resolve }));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': pattern }: Record<string, unknown> = { ...value };
  const one = (name: string) => pseudo(stackName)[name] ?? resolve(name);
  if (typeof Ref === 'string') return one(Ref);
  if (Array.isArray(attribute)) return one(attribute.join('.'));
  if (typeof pattern === 'string') return pattern.replaceAll(/\$\{([^!}]+)\}/g, (_whole, name: string) => one(name));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, expand(each, { stackName, resolve })] as const),
  );
}

interface Expansion {
  readonly stackName: string;
  readonly resolve: (name: string) => string;
}

/** Names as long as those of the farthest regions. */
function pseudo(stackName: string): Readonly<Record<string, string>> {
  return {
    'AWS::Partition': 'aws-us-gov',
    'AWS::Region': 'ap-southeast-2',
    'AWS::AccountId': '123456789012',
    'AWS::URLSuffix': 'amazonaws.com.cn',
    'AWS::StackName': stackName,
  };
}

/** The ARN of a resource whose name CloudFormation makes up: of stack, logical id and 13 characters. */
export function arnLike(stackName: string, reference: string): string {
  const name = `${stackName}-${reference.replace(/\.Arn$/, '')}-1A2B3C4D5E6F7`;
  return `arn:aws-us-gov:dynamodb:ap-southeast-2:123456789012:table/${name.slice(0, 255)}`;
}

/** Characters of a role's own policies, as IAM counts them: without white space. */
export function policyCharacters(policies: unknown, stackName: string): number {
  const expanded = expand(policies, { stackName, resolve: (name) => arnLike(stackName, name) });
  const documents = Array.isArray(expanded) ? expanded.map((each: object) => Reflect.get(each, 'PolicyDocument')) : [];
  return JSON.stringify(documents).replaceAll(/\s/g, '').length;
}
