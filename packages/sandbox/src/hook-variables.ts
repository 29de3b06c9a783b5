import { handlerEnvironment, type EnvironmentFacts } from '@furrow/executor';

/** What only a handler's environment has. */
const ofLambda = /^(?:AWS_LAMBDA_|AWS_XRAY_|AWS_EXECUTION_ENV$|_HANDLER$|LANG$|TZ$|NODE_OPTIONS$)/;

/**
 * What hooks of plugins find in the environment beside the developer's own: the app's variables, and where the sandbox is, so
 * that Architect's library and the AWS SDK find its tables and parameters.
 */
export function hookVariables(facts: EnvironmentFacts): Readonly<Record<string, string>> {
  const target = { name: 'plugins', memoryMegabytes: 0, runtime: 'nodejs', handler: '', hasOwnVariables: true };
  const all = Object.entries(handlerEnvironment(facts, target));
  return Object.fromEntries(all.filter(([name]) => !ofLambda.test(name) && facts.system[name] === undefined));
}
