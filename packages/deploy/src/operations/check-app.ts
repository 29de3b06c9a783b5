import type { App, AppPlugins } from '@furrow/manifest';
import { errors } from '../errors.ts';
import { packageApp, type PackageProgress } from '../package/package-app.ts';
import type { PackagedFunction } from '../package/package.ts';
import { createTemplate, templateText } from '../template/create-template.ts';
import { checkLimits, checkNames } from '../template/limits.ts';
import type { FunctionCode } from '../template/template.ts';
import type { Target } from '../target.ts';
import type { OnDeployEvent } from './deploy-event.ts';
import { askPlugins, type TemplateChange } from '../plugins/ask-plugins.ts';
import { checkStaticFiles } from './static-files.ts';

/** An app that can be shipped, as far as can be told without AWS. */
export interface CheckedApp {
  readonly functions: readonly PackagedFunction[];
  /** What templates say of each function's code. */
  readonly code: ReadonlyMap<string, FunctionCode>;
  /** What plugins make of each template. */
  readonly change: TemplateChange;
  /** For a stack that is not there yet, without the app's own variables. */
  readonly template: string;
}

/**
 * Builds every function, makes the template and looks through the static files.
 *
 * @throws {APP_EMPTY} when there is nothing to ship.
 * @throws {PACKAGE_INVALID} with everything that cannot be shipped.
 * @throws {TEMPLATE_TOO_LARGE} when CloudFormation would not take the template.
 * @throws {APP_NAME_RESERVED} {NAME_TOO_LONG} when AWS would not take a name.
 * @throws {PLUGIN_FAILED} and others when a plugin fails.
 * @throws {STATIC_MISSING} {STATIC_UNREADABLE} {STATIC_TOO_LARGE} when static files cannot be sent, or removed.
 */
export async function checkPackage(options: {
  readonly app: App;
  readonly projectDir: string;
  readonly target: Target;
  /** @default none */
  readonly plugins?: AppPlugins | undefined;
  /** Whether nothing will be sent. */
  readonly isDryRun: boolean;
  /** Whether static files will be removed that are not here. */
  readonly isPruning?: boolean | undefined;
  readonly onEvent: OnDeployEvent;
}): Promise<CheckedApp> {
  const { app, projectDir, target, isPruning, onEvent } = options;
  if (isEmpty(app)) throw errors.appEmpty(app.file);
  const change = await askPlugins(options);
  const packaged = await packageApp(app, { projectDir, onProgress: reportPackaging(onEvent) });
  if (!packaged.ok) throw errors.packageInvalid(packaged.faults);
  const { functions } = packaged;
  onEvent({ type: 'built', functions: functions.map(({ label, zip }) => ({ label, bytes: zip.length })) });
  const code = new Map(
    functions.map(({ name, key, codeSha256, handler }) => [name, { key, sha256: codeSha256, handler }]),
  );
  const template = change.apply(createTemplate({ app, target, code, variables: [] }));
  checkLimits(template);
  checkNames(target, template);
  await checkStaticFiles({ app, projectDir, isPruning });
  return { functions, code, change, template: templateText(template) };
}

/** CloudFormation takes no stack without anything in it. */
function isEmpty(app: App): boolean {
  return app.functions.length === 0 && app.tables.length === 0 && !app.static.isServed;
}

/** Of packaging, only what takes its time is news. */
export function reportPackaging(onEvent: OnDeployEvent): (progress: PackageProgress) => void {
  return (progress) => {
    if (progress.type === 'installing') onEvent(progress);
  };
}
