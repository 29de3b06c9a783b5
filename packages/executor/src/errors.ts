import { UserError, type FunctionFailure } from '@furrow/protocol';
import type { RunnableFunction } from './function.ts';
import { handlerFileNames } from './handler-file.ts';

/** What a client would meet on AWS when this build's function cannot be loaded; the names are Lambda's (fact H9). */
export const loadFailures = {
  handlerMissing: ({ label, sourceDir, handler }: RunnableFunction): FunctionFailure => ({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: `"${label}" has no handler: looked for ${handlerFileNames(handler).join(', ')} in ${sourceDir}. Run "arc init" to create it.`,
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
