export type { BuildReport } from './build.ts';
export type { BuildProblem } from './bundle.ts';
export {
  awsFunctionName,
  handlerEnvironment,
  isReservedVariable,
  type EnvironmentFacts,
  type FunctionEnvironment,
} from './environment.ts';
export { writeError } from './errors.ts';
export { openExecutor, type Executor, type ExecutorOptions } from './executor.ts';
export type { RunnableFunction } from './function.ts';
export { findHandlerFile, handlerFileNames } from './handler-file.ts';
export type { Manage } from './pipe/management.ts';
