import { UserError } from '@furrow/protocol';

function line(command: string): string {
  return command === '' ? 'arc' : `arc ${command}`;
}

/** Why little goes together with them. */
const deployKinds: Readonly<Record<string, string>> = {
  dirty: ': "dirty" overwrites functions of staging only',
  '--static': ': "--static" sends static files only',
};

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
  optionHidden: (command: string, suggestion: string | undefined) =>
    new UserError({
      code: 'OPTION_UNKNOWN',
      message: `A word of "${line(command)}" begins with "-" and is none of its options.`,
      fix:
        suggestion === undefined
          ? 'Put a value that begins with "-" at the end, behind "--", or pipe it in.'
          : `Did you mean ${suggestion}? A value that begins with "-" goes to the end, behind "--", or through a pipe.`,
    }),
  optionValue: (command: string, message: string) =>
    new UserError({
      code: 'OPTION_VALUE',
      message: `arc ${command}: ${message}`,
      fix: `Run "arc ${command} --help" to see what it takes.`,
    }),
  argumentUnused: (command: string, argument: string, suggestion?: string) =>
    new UserError({
      code: 'ARGUMENT_UNUSED',
      message: `"arc ${command}" does not know what to do with "${argument}".`,
      fix:
        suggestion === undefined
          ? `Leave it out, or run "arc ${command} --help".`
          : `Did you mean "arc ${command} ${suggestion}"?`,
    }),
  invokeWords: (message: string) =>
    new UserError({
      code: 'INVOKE_WORDS',
      message,
      fix: `Write "arc invoke scheduled/daily", or "arc invoke events/likes '{}'" with a message.`,
    }),
  deployWord: (word: string, suggestion: string | undefined) =>
    new UserError({
      code: 'DEPLOY_WORD',
      message: `"${word}" is not a stage or a function of this app. Nothing was deployed.`,
      fix:
        suggestion === undefined
          ? 'Write "arc deploy", "arc deploy production" or "arc deploy dirty"; see "arc deploy --help".'
          : `Did you mean "arc deploy ${suggestion}"?`,
    }),
  deployTwice: (one: string, other: string) =>
    new UserError({
      code: 'DEPLOY_TWICE',
      message: `${one} and ${other} do not go together. Nothing was changed.`,
      fix: `Leave out one of them${deployKinds[one] ?? ''}.`,
    }),
  destroyApp: (typed: string | undefined, app: string | undefined) =>
    new UserError({
      code: 'DESTROY_APP',
      message:
        typed === undefined
          ? 'To destroy an app, name it. Nothing was removed.'
          : `"${typed}" is not the app of this folder. Nothing was removed.`,
      fix: `Run "arc destroy --app ${app ?? 'NAME'}"${app === undefined ? '' : ', if that is what you want'}.`,
    }),
  envWords: (message: string) =>
    new UserError({
      code: 'ENV_WORDS',
      message,
      fix: 'Write "arc env", "arc env add NAME VALUE --env staging", "arc env remove NAME --env staging" or "arc env pull".',
    }),
};

export const errors = {
  processEnded: () =>
    new UserError({
      code: 'PROCESS_ENDED',
      message: 'The process was ended with exit code 0 before the command had ended.',
      fix: 'Look for what ends the process in the plugins of the app: it ran when no hook did.',
    }),
  envFileUnwritable: (file: string, cause: unknown) =>
    new UserError({
      code: 'ENV_FILE_UNWRITABLE',
      message: `${file} cannot be read and written${cause instanceof Error ? ` (${cause.message})` : ''}.`,
      fix: 'Make it a file that you may read and write, then run the command again.',
      cause,
    }),
  envFileQuotes: (names: readonly string[]) =>
    new UserError({
      code: 'ENV_FILE_QUOTES',
      message:
        `No .env file can hold ${names.join(', ')} as it is, most likely for the three kinds of quotes in it (' " \`). ` +
        'AWS has the value; in .env it was not changed.',
      fix: 'Keep it in another form, such as base64, or set it in the environment of the sandbox.',
    }),
  preferencesUnchanged: (file: string, names: readonly string[]) =>
    new UserError({
      code: 'PREFERENCES_UNCHANGED',
      message:
        `"@env testing" of ${file} is written in a way in which ${names.join(', ')} cannot be changed without changing more. ` +
        'AWS is changed; the file is not.',
      fix: 'Change it by hand.',
    }),
  sandboxUnreachable: (port: number, cause: unknown) =>
    new UserError({
      code: 'SANDBOX_UNREACHABLE',
      message: `No sandbox answers at port ${port} of this machine.`,
      fix: 'Run "arc sandbox" in another terminal, or say its port with --port.',
      cause,
    }),
  invokeUnknown: (functionName: string, known: readonly string[]) =>
    new UserError({
      code: 'INVOKE_UNKNOWN',
      message: `"${functionName}" is no event, queue or schedule of the app that runs there.`,
      fix: known.length === 0 ? 'Declare one in app.arc.' : `They are ${known.join(', ')}.`,
    }),
  invokeRefused: (functionName: string, answer: string) =>
    new UserError({
      code: 'INVOKE_REFUSED',
      message: `The sandbox did not take ${functionName}: ${answer}.`,
      fix: 'Wait until it has worked off what it has. With --strict it takes nothing by hand.',
    }),
  folderMissing: (folder: string, cause: unknown) =>
    new UserError({
      code: 'FOLDER_MISSING',
      message: `${folder} is not a folder.`,
      fix: 'Make it, or run arc inside the folder of your app.',
      cause,
    }),
};

const usageCodes = new Set([
  'COMMAND_UNKNOWN',
  'OPTION_UNKNOWN',
  'OPTION_VALUE',
  'ARGUMENT_UNUSED',
  'DEPLOY_WORD',
  'DEPLOY_TWICE',
  'DESTROY_APP',
  'ENV_WORDS',
  'INVOKE_WORDS',
]);

/** Whether an error is about how the command was called, not about the app. */
export function isUsageError({ code }: UserError): boolean {
  return usageCodes.has(code);
}
