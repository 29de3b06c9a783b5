import { isOurVariable, isReservedVariable } from '@furrow/executor';
import type { ParameterStore, StoredParameter } from '../aws/aws.ts';
import { errors } from '../errors.ts';

/** Where the app's own variables of a stage are kept, encrypted; Architect's place. */
export function variablesPath(appName: string, stage: string): string {
  return `/${appName}/${stage}`;
}

export interface AppVariable {
  readonly name: string;
  readonly value: string;
  readonly modifiedAtMs: number | undefined;
}

/** What a Lambda function's variables may hold in all, bytes of their JSON text (fact H15). */
const maxVariablesBytes = 4096;
/** What we set beside them: names and values, with long stack names and URLs. */
const ownBytes = 1024;
/** As Lambda and CloudFormation take it. */
const nameForm = /^[a-zA-Z][a-zA-Z0-9_]+$/;

/** The app's own variables of a stage, by name. */
export async function listVariables(
  parameters: ParameterStore,
  { appName, stage }: { readonly appName: string; readonly stage: string },
): Promise<readonly AppVariable[]> {
  const path = variablesPath(appName, stage);
  const found = await parameters.list(path);
  return found
    .map(({ name, ...rest }: StoredParameter) => ({ ...rest, name: name.slice(path.length + 1) }))
    .filter(({ name }) => !name.includes('/'))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** @throws {VARIABLE_NAME} when Lambda would not take the name. @throws {VARIABLE_RESERVED} when it is not the app's to set. */
export function checkVariableName(name: string): void {
  if (!nameForm.test(name)) throw errors.variableName([name]);
  if (isReservedVariable(name) || isOurVariable(name)) throw errors.variableReserved(name);
}

type Named = Pick<AppVariable, 'name' | 'value'>;

/**
 * Checks what a deploy is about to hand over; another tool may have put it where variables are kept.
 *
 * @throws {VARIABLE_NAME} when Lambda would not take a name. @throws {VARIABLES_TOO_LARGE}
 */
export function checkVariables(variables: readonly Named[]): void {
  const refused = variables.map(({ name }) => name).filter((name) => reachesFunctions(name) && !nameForm.test(name));
  if (refused.length > 0)
    throw errors.variableName(
      refused,
      `Remove ${refused.length === 1 ? 'it' : 'them'} ("arc env remove ${refused[0]} --env STAGE"), or begin`,
    );
  checkVariablesSize(variables);
}

/**
 * Lambda measures the JSON text of all variables: quotes, commas and escapes count.
 *
 * @throws {VARIABLES_TOO_LARGE} when the variables together are more than a function may have.
 */
export function checkVariablesSize(variables: readonly Named[]): void {
  const own = variables.filter(({ name }) => reachesFunctions(name));
  const bytes = jsonBytes(own);
  if (bytes <= maxVariablesBytes - ownBytes) return;
  const [largest] = own.toSorted((one, other) => jsonBytes([other]) - jsonBytes([one]));
  throw errors.variablesTooLarge({ bytes, most: maxVariablesBytes - ownBytes, largest: largest?.name ?? '' });
}

function reachesFunctions(name: string): boolean {
  return !isReservedVariable(name) && !isOurVariable(name);
}

function jsonBytes(variables: readonly Named[]): number {
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(variables.map(({ name, value }) => [name, value]))));
}
