import type { App, FunctionDefinition } from '@furrow/manifest';
import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { packageApp } from '../package/package-app.ts';
import { adoptedFrom } from '../template/adopted.ts';
import { createTemplate, functionIds } from '../template/create-template.ts';
import { staticFunctionName } from '../template/template.ts';
import type { Target } from '../target.ts';
import { reportPackaging } from './check-app.ts';
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
  readonly functions: readonly FunctionDefinition[];
  readonly openAws: () => Promise<Aws>;
  readonly onEvent: OnDeployEvent;
  /** @default 500 */
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
}

const updatesAtOnce = 5;
const noCode = { key: '', handler: '' };

/**
 * Overwrites the code of deployed functions, all at once and without CloudFormation: seconds instead of a minute.
 *
 * Nothing else of the app is brought over; the next `deploy` says what it finds.
 *
 * @throws {STACK_MISSING} before the first deploy.
 * @throws {FUNCTION_NOT_DEPLOYED} when a function is not in the stack yet.
 */
export async function deployDirty(options: DirtyOptions): Promise<Urls> {
  const { app, projectDir, target, onEvent, signal, pollMs = 500 } = options;
  const names = options.functions.map(({ name }) => name);
  const packaged = await packageApp(app, {
    projectDir,
    functions: names,
    onProgress: reportPackaging(onEvent),
  });
  if (!packaged.ok) throw errors.packageInvalid(packaged.faults);
  const { functions } = packaged;
  onEvent({ type: 'built', functions: functions.map(({ label, zip }) => ({ label, bytes: zip.length })) });

  using aws = await options.openAws();
  const { account } = await aws.identity();
  onEvent({ type: 'target', target, region: aws.region, account });
  const settled = await settleStack({ aws, target, pollMs, onEvent, signal });
  if (typeof settled === 'string') throw errors.stackMissing(target);
  // Only ids are wanted of the template, and those do not depend on the code.
  const code = new Map([...app.functions.map(({ name }) => name), staticFunctionName].map((name) => [name, noCode]));
  const template = createTemplate({ app, target, code, variables: [], adopted: adoptedFrom(settled.template, app) });
  const deployed = await findFunctions(aws, { stackName: target.stackName, functions, ids: functionIds(template) });
  const missing = functions.filter(({ name }) => !deployed.some((each) => each.packaged.name === name));
  if (missing.length > 0) throw errors.functionNotDeployed(missing.map(({ label }) => label));
  await mapLimited(deployed, updatesAtOnce, async (each) => {
    const outcome = await updateCode(each, { aws, pollMs });
    const { label, zip } = each.packaged;
    onEvent({ type: 'code', label, bytes: zip.length, isSame: outcome === 'same' });
  });
  return urlsOf(settled.stack);
}
