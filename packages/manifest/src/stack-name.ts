/**
 * A name as CloudFormation takes it, Architect's way: `my-app` becomes `MyApp`.
 *
 * Different names can give one id (`a-b`, `a_b`); whoever needs unique ones has to see to it.
 */
export function logicalId(name: string): string {
  return name
    .replaceAll(/([A-Z])/g, ' $1')
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join('');
}

/** The CloudFormation stack of an app in a stage: `testapp` in `staging` is `TestappStaging`. */
export function stackName(appName: string, stage: string): string {
  return logicalId(`${appName}-${stage}`);
}
