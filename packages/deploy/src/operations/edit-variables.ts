import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { checkVariableName, checkVariablesSize, listVariables, variablesPath } from './app-variables.ts';

/** Where the app's own variables are for: `testing` is the sandbox. */
export type VariableStage = 'testing' | 'staging' | 'production';

export interface VariablesOf {
  readonly appName: string;
  readonly stage: VariableStage;
}

/**
 * Keeps a variable, encrypted, over what was there.
 *
 * @throws {VARIABLE_NAME} {VARIABLE_RESERVED} {VARIABLE_EMPTY} {VARIABLES_TOO_LARGE}
 */
export async function putVariable(
  aws: Aws,
  of: VariablesOf,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<'added' | 'changed'> {
  checkVariableName(name);
  if (value === '') throw errors.variableEmpty(name);
  const others = (await listVariables(aws.parameters, of)).filter((each) => each.name !== name);
  checkVariablesSize([...others, { name, value }]);
  const isNew = (await aws.parameters.get(`${variablesPath(of.appName, of.stage)}/${name}`)) === undefined;
  await aws.parameters.put(`${variablesPath(of.appName, of.stage)}/${name}`, value);
  return isNew ? 'added' : 'changed';
}

/** Forgets a variable. @throws {VARIABLE_MISSING} when there is none. */
export async function removeVariable(aws: Aws, of: VariablesOf, name: string): Promise<void> {
  const known = await listVariables(aws.parameters, of);
  if (!known.some((each) => each.name === name)) throw errors.variableMissing(name, of.stage);
  await aws.parameters.remove([`${variablesPath(of.appName, of.stage)}/${name}`]);
}
