export type { BuildReport } from './build.ts';
export { bundleFunction, type BuildProblem, type Bundle, type BundleOptions, type BundleResult } from './bundle.ts';
export {
  awsFunctionName,
  handlerEnvironment,
  isOurVariable,
  isReservedVariable,
  portOf,
  type EnvironmentFacts,
  type FunctionEnvironment,
} from './environment.ts';
export { writeError } from './errors.ts';
export { openExecutor, type Executor, type ExecutorOptions } from './executor.ts';
export type { ExternalPackage } from './external-packages.ts';
export { namesBelow } from './function-folder.ts';
export type { BuildTarget, RunnableFunction } from './function.ts';
export { findHandlerFile, handlerFileNames } from './handler-file.ts';
export { otherHandlerFile } from './language.ts';
export { sharedFolders, type SharedFolder } from './shared-folder.ts';
export {
  findPackage,
  isNativePackage,
  isPlatformPackage,
  namesIn,
  readPackageManifest,
  type PackageManifest,
} from './native-package.ts';
export type { Manage } from './pipe/management.ts';
export { pythonCandidates } from './runtime-api/python.ts';
