export type {
  App,
  FunctionDefinition,
  FunctionSettings,
  HttpRoute,
  Problem,
  Queue,
  Scheduled,
  StaticSettings,
  Table,
  TableIndex,
  TableKey,
  TableStream,
  Topic,
  WsRoute,
} from './app.ts';
export { describeProblems } from './describe.ts';
export { isAppName } from './interpret.ts';
export type { AppPlugins, CommandHook, PluginHook } from './plugins/hooks.ts';
export { noPlugins } from './plugins/hooks.ts';
export { libraryMissingFix } from './plugins/library-missing.ts';
export { runningPlugins, type RunningPlugin } from './plugins/running.ts';
export { serviceValues } from './plugins/service-values.ts';
export { loadApp, manifestFiles, type LoadedApp } from './load.ts';
export { interpretManifest, type ConfigText, type ManifestText, type ReadManifest } from './manifest.ts';
export { nearest } from './nearest.ts';
export { loadPreferences, preferenceFiles, readPreferences, type SandboxPreferences } from './preferences.ts';
export type { PreferenceFault } from './preference-variables.ts';
export { logicalId, stackName } from './stack-name.ts';
export { tableSchema, type IndexSchema, type TableSchema } from './table-schema.ts';
export { manifestInvalid } from './manifest-invalid.ts';
export { parseSchedule, type Schedule } from './schedule.ts';
