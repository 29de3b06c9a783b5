import type { App, AppPlugins, FunctionDefinition } from '@furrow/manifest';
import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { packageApp } from '../package/package-app.ts';
import type { PackagedFunction } from '../package/package.ts';
import { adoptedFrom } from '../template/adopted.ts';
import { createTemplate, functionIds } from '../template/create-template.ts';
import { staticFunctionName } from '../template/template.ts';
import type { Target } from '../target.ts';
import { askPlugins } from '../plugins/ask-plugins.ts';
import { reportPackaging } from './check-app.ts';
import { chooseBucket } from './deploy-bucket.ts';
import type { OnDeployEvent, Urls } from './deploy-event.ts';
import { findFunctions } from './drift.ts';
import { mapLimited } from './map-limited.ts';
import { settleStack } from './settle-stack.ts';
import { updateCode } from './update-code.ts';
import { urlsOf } from './urls.ts';

export interface DirtyOptions {
  readonly app: App;
  readonly projectDir: string;
  readonly target: Target;
  /** @default none */
  readonly plugins?: AppPlugins;
  readonly functions: readonly FunctionDefinition[];
  /** Whether a person has named them, and not merely meant all. */
  readonly isChosen: boolean;
  readonly openAws: () => Promise<Aws>;
  readonly onEvent: OnDeployEvent;
  /** @default 500 */
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
}

const updatesAtOnce = 5;
const noCode = { key: '', sha256: '', handler: '' };

/**
 * Overwrites the code of deployed functions, all at once and without CloudFormation: seconds instead of a minute.
 *
 * Nothing else of the app is brought over; the next `deploy` says what it finds.
 *
 * @returns `'stopped'` when the signal came before the end.
 * @throws {STACK_MISSING} before the first deploy.
 * @throws {FUNCTION_NOT_DEPLOYED} when a function is not in the stack yet.
 */
export async function deployDirty(options: DirtyOptions): Promise<Urls | 'stopped'> {
  const { app, projectDir, target, onEvent, signal, pollMs = 500 } = options;
  const wanted = withoutPublished(options);
  // Of plugins only those are asked that make code; what they say of the template is for a whole deploy.
  if (wanted.some(({ authored }) => authored !== undefined)) await askPlugins({ ...options, isDryRun: false });
  const functions = wanted.length === 0 ? [] : await packageFunctions({ app, projectDir, onEvent }, wanted);
  using aws = await options.openAws();
  const { account } = await aws.identity();
  onEvent({ type: 'target', target, region: aws.region, account });
  const settled = await settleStack({ aws, target, pollMs, onEvent, signal });
  if (settled === 'stopped') return 'stopped';
  if (settled === 'absent') throw errors.stackMissing(target);
  // Only ids are wanted of the template, and those do not depend on the code.
  const code = new Map([...app.functions.map(({ name }) => name), staticFunctionName].map((name) => [name, noCode]));
  const template = createTemplate({ app, target, code, variables: [], adopted: adoptedFrom(settled.template, app) });
  const deployed = await findFunctions(aws, { stackName: target.stackName, functions, ids: functionIds(template) });
  const missing = functions.filter(({ name }) => !deployed.some((each) => each.packaged.name === name));
  if (missing.length > 0) throw errors.functionNotDeployed(missing.map(({ label }) => label));
  const bucket = () => chooseBucket(aws, { app, account });
  await mapLimited(deployed, updatesAtOnce, async (each) => {
    // What has begun is ended; nothing more is begun.
    if (signal?.aborted === true) return;
    const outcome = await updateCode(each, { aws, bucket, pollMs });
    const { label, zip } = each.packaged;
    onEvent({ type: 'code', label, bytes: zip.length, isSame: outcome === 'same' });
  });
  return signal?.aborted === true ? 'stopped' : urlsOf(settled.stack);
}

/**
 * The functions whose code clients meet as soon as it is there.
 *
 * @throws {DIRTY_PUBLISHED} when others were asked for by name.
 */
function withoutPublished({ functions, isChosen, onEvent }: DirtyOptions): readonly FunctionDefinition[] {
  const published = functions.filter(({ settings }) => settings.provisionedConcurrency !== undefined);
  if (published.length > 0 && isChosen) throw errors.dirtyPublished(published.map(({ label }) => label));
  for (const { label } of published) onEvent({ type: 'published', label });
  return functions.filter((each) => !published.includes(each));
}

async function packageFunctions(
  { app, projectDir, onEvent }: Pick<DirtyOptions, 'app' | 'projectDir' | 'onEvent'>,
  wanted: readonly FunctionDefinition[],
): Promise<readonly PackagedFunction[]> {
  const names = wanted.map(({ name }) => name);
  const packaged = await packageApp(app, { projectDir, functions: names, onProgress: reportPackaging(onEvent) });
  if (!packaged.ok) throw errors.packageInvalid(packaged.faults);
  const { functions } = packaged;
  onEvent({ type: 'built', functions: functions.map(({ label, zip }) => ({ label, bytes: zip.length })) });
  return functions;
}
