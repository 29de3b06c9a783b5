import { UserError } from '@furrow/protocol';

function line(command: string): string {
  return command === '' ? 'arc' : `arc ${command}`;
}

/** Wrong use of the command line; exit code 2. */
export const usageErrors = {
  commandUnknown: (name: string, suggestion: string | undefined) =>
    new UserError({
      code: 'COMMAND_UNKNOWN',
      message: `"${name}" is not a command of arc.`,
      fix: suggestion === undefined ? 'Run "arc --help" to see them all.' : `Did you mean "arc ${suggestion}"?`,
    }),
  optionUnknown: (command: string, option: string, suggestion: string | undefined) =>
    new UserError({
      code: 'OPTION_UNKNOWN',
      message: `"${line(command)}" has no option ${option}.`,
      fix: suggestion === undefined ? `Run "${line(command)} --help" to see them all.` : `Did you mean ${suggestion}?`,
    }),
  optionValue: (command: string, message: string) =>
    new UserError({
      code: 'OPTION_VALUE',
      message: `arc ${command}: ${message}`,
      fix: `Run "arc ${command} --help" to see what it takes.`,
    }),
  argumentUnused: (command: string, argument: string) =>
    new UserError({
      code: 'ARGUMENT_UNUSED',
      message: `"arc ${command}" does not know what to do with "${argument}".`,
      fix: `Leave it out, or run "arc ${command} --help".`,
    }),
};

export const errors = {
  folderMissing: (folder: string, cause: unknown) =>
    new UserError({
      code: 'FOLDER_MISSING',
      message: `${folder} is not a folder.`,
      fix: 'Make it, or run arc inside the folder of your app.',
      cause,
    }),
};

const usageCodes = new Set(['COMMAND_UNKNOWN', 'OPTION_UNKNOWN', 'OPTION_VALUE', 'ARGUMENT_UNUSED']);

/** Whether an error is about how the command was called, not about the app. */
export function isUsageError({ code }: UserError): boolean {
  return usageCodes.has(code);
}
