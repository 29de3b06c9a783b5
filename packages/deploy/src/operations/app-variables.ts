import { isReservedVariable } from '@furrow/executor';
import type { ParameterStore, StoredParameter } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { isOurVariable } from '../template/environment.ts';

/** Where the app's own variables of a stage are kept, encrypted; Architect's place. */
export function variablesPath(appName: string, stage: string): string {
  return `/${appName}/${stage}`;
}

export interface AppVariable {
  readonly name: string;
  readonly value: string;
  readonly modifiedAtMs: number | undefined;
}

/** What a Lambda function's variables may hold in all, bytes of names and values (fact H15). */
const maxVariablesBytes = 4096;
/** What we set beside them: names and values, with long stack names and URLs. */
const ownBytes = 1024;

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
  if (!/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name)) throw errors.variableName(name);
  if (isReservedVariable(name) || isOurVariable(name)) throw errors.variableReserved(name);
}

/** @throws {VARIABLES_TOO_LARGE} when the variables together are more than a function may have. */
export function checkVariables(variables: readonly Pick<AppVariable, 'name' | 'value'>[]): void {
  const bytes = variables.reduce((sum, { name, value }) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes <= maxVariablesBytes - ownBytes) return;
  const [largest] = variables.toSorted((one, other) => other.value.length - one.value.length);
  throw errors.variablesTooLarge({ bytes, most: maxVariablesBytes - ownBytes, largest: largest?.name ?? '' });
}
