/**
 * What to do where code of the project that commands load themselves (plugins, seed files) asks for
 * `@architect/functions`, which the build brings along for handlers alone; `undefined` for any other failure.
 */
export function libraryMissingFix(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !/^Cannot find (?:module|package) '@architect\/functions'/.test(cause.message))
    return undefined;
  return (
    'Only handlers find it without installing it. Ask for "@furrow/functions" here, which came with the command, ' +
    'or run "npm install @architect/functions".'
  );
}
