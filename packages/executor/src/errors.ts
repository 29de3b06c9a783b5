import type { FunctionFailure } from '@furrow/protocol';
import type { RunnableFunction } from './function.ts';
import { handlerFileNames } from './handler-file.ts';

/** What a client would meet on AWS when this build's function cannot be loaded; the names are Lambda's (fact H9). */
export const loadFailures = {
  handlerMissing: ({ label, sourceDir, handler }: RunnableFunction): FunctionFailure => ({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: `"${label}" has no handler: looked for ${handlerFileNames(handler).slice(0, 4).join(', ')} in ${sourceDir}. Run "arc init" to create it.`,
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
