import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { checkVariableName, checkVariablesSize, listVariables, variablesPath } from './app-variables.ts';

/** Where the app's own variables are for: `testing` is the sandbox. */
export type VariableStage = 'testing' | 'staging' | 'production';

export interface VariablesOf {
  readonly appName: string;
  readonly stage: VariableStage;
}

/** @throws {VARIABLE_NAME} {VARIABLE_RESERVED} {VARIABLE_EMPTY} */
export function checkVariable({ name, value }: { readonly name: string; readonly value: string }): void {
  checkVariableName(name);
  if (value === '') throw errors.variableEmpty(name);
}

/** @throws {VARIABLE_MISSING} when it is not among these. */
export function checkIsKept(
  names: readonly string[],
  { name, stage }: { readonly name: string; readonly stage: VariableStage },
): void {
  if (!names.includes(name)) throw errors.variableMissing(name, stage);
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
  checkVariable({ name, value });
  const others = (await listVariables(aws.parameters, of)).filter((each) => each.name !== name);
  checkVariablesSize([...others, { name, value }]);
  const isNew = (await aws.parameters.get(`${variablesPath(of.appName, of.stage)}/${name}`)) === undefined;
  await aws.parameters.put(`${variablesPath(of.appName, of.stage)}/${name}`, value);
  return isNew ? 'added' : 'changed';
}

/** Forgets a variable. @throws {VARIABLE_MISSING} when there is none. */
export async function removeVariable(aws: Aws, of: VariablesOf, name: string): Promise<void> {
  const known = await listVariables(aws.parameters, of);
  checkIsKept(
    known.map((each) => each.name),
    { name, stage: of.stage },
  );
  await aws.parameters.remove([`${variablesPath(of.appName, of.stage)}/${name}`]);
}
