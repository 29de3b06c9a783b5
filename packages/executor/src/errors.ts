import { UserError, type FunctionFailure } from '@furrow/protocol';
import type { RunnableFunction } from './function.ts';
import { handlerFileNames } from './handler-file.ts';
import { languageOf, otherHandlerFile } from './language.ts';

/** What a client would meet on AWS when this build's function cannot be loaded; the names are Lambda's (fact H9). */
export const loadFailures = {
  handlerMissing: (target: RunnableFunction): FunctionFailure => ({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: `"${target.label}" has no handler: looked for ${lookedFor(target)} in ${target.sourceDir}. Run "arc init" to create it.`,
    trace: [],
  }),
  doesNotBuild: (message: string): FunctionFailure => ({
    errorType: 'Runtime.UserCodeSyntaxError',
    errorMessage: message,
    trace: [],
  }),
  cannotCopy: ({ label, sourceDir }: RunnableFunction, message: string): FunctionFailure => ({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: `"${label}" could not be copied from ${sourceDir}: ${message}. Make its files readable and save one of them.`,
    trace: [],
  }),
};

/** Why no process of a function in another language can be started. */
export const launchFailures = {
  runtimeUnknown: (runtime: string): FunctionFailure => ({
    errorType: 'Runtime.InvalidRuntime',
    errorMessage: `Nothing here runs ${runtime}: functions in Node and Python run as they are, "provided.al2023" runs their own bootstrap. Name a program that speaks Lambda's Runtime API with the setting "command" (docs/guide/languages.md).`,
    trace: [],
  }),
  bootstrapNotExecutable: (): FunctionFailure => ({
    errorType: 'Runtime.InvalidEntrypoint',
    errorMessage:
      'Its bootstrap may not be run. Run "chmod +x bootstrap" in the folder of the function, and save a file.',
    trace: [],
  }),
  pythonMissing: (runtime: string): FunctionFailure => ({
    errorType: 'Runtime.InvalidRuntime',
    errorMessage: `There is no Python for ${runtime}: looked for .venv in the function's folder and in the project, ${runtime}, python3 and python. Install one, and "awslambdaric" for it.`,
    trace: [],
  }),
  clientMissing: (python: string): FunctionFailure => ({
    errorType: 'Runtime.InvalidRuntime',
    errorMessage: `${python} cannot import awslambdaric, which runs Python handlers. Run "${python} -m pip install awslambdaric".`,
    trace: [],
  }),
  programMissing: (command: string, why: string): FunctionFailure => ({
    errorType: 'Runtime.InvalidEntrypoint',
    errorMessage: `"${command}" does not start: ${why}.${command === 'aws_lambda_ric' ? ' Run "gem install aws_lambda_ric".' : ''}`,
    trace: [],
  }),
};

/** The files that a function's handler could have been in. */
function lookedFor({ runtime, command, handler }: RunnableFunction): string {
  if (languageOf({ runtime, command }) === 'node') return handlerFileNames(handler).join(', ');
  return otherHandlerFile(runtime ?? '', handler) ?? 'any file';
}

export const errors = {
  folderNotWritable: (folder: string, cause: unknown) =>
    new UserError({
      code: 'FOLDER_NOT_WRITABLE',
      message: `Nothing can be written to ${folder}${cause instanceof Error ? ` (${cause.message})` : ''}.`,
      fix: 'Make it a folder that you may write to, or work in a copy of the app that is yours.',
      cause,
    }),
};

const refusals = new Set(['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR', 'ENOSPC']);

/** What the system's refusal to write means for a person; any other error stays what it is. */
export function writeError(folder: string, error: unknown): unknown {
  const isRefusal = error instanceof Error && 'code' in error && refusals.has(String(error.code));
  return isRefusal ? errors.folderNotWritable(folder, error) : error;
}
