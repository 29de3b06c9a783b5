import { UserError } from '@furrow/protocol';

/** What a person must mend of the app's own variables. */
export const variableErrors = {
  variableName: (names: readonly string[], begin = 'Begin') =>
    new UserError({
      code: 'VARIABLE_NAME',
      message: `Lambda takes no variable that is called ${names.map((name) => `"${name}"`).join(' or ')}.`,
      fix: `${begin} with a letter, then use letters, digits and _; two characters or more.`,
    }),
  variableReserved: (name: string) =>
    new UserError({
      code: 'VARIABLE_RESERVED',
      message: `${name} is set for every function already, and no app may set it.`,
      fix: 'Choose another name.',
    }),
  variableEmpty: (name: string) =>
    new UserError({
      code: 'VARIABLE_EMPTY',
      message: `${name} has no value.`,
      fix: `Give one: arc env add ${name} VALUE, or pipe it in.`,
    }),
  variableMissing: (name: string, stage: string) =>
    new UserError({
      code: 'VARIABLE_MISSING',
      message: `There is no ${name} in ${stage}.`,
      fix: 'Run "arc env" to see what there is.',
    }),
  variablesTooLarge: ({ bytes, most, largest }: { bytes: number; most: number; largest: string }) =>
    new UserError({
      code: 'VARIABLES_TOO_LARGE',
      message: `The variables have ${bytes} bytes as JSON; Lambda leaves ${most} for them. The largest is ${largest}.`,
      fix: `Keep ${largest} elsewhere (a table, a file, SSM read at run time), or remove it with "arc env remove ${largest} --env STAGE".`,
    }),
};
