import type { App } from '@furrow/manifest';
import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import type { Target } from '../target.ts';
import type { OnDeployEvent, Urls } from './deploy-event.ts';
import { settleStack } from './settle-stack.ts';
import { checkOwnBucket, checkStaticFiles, deployStaticFiles } from './static-files.ts';
import { urlsOf } from './urls.ts';

/**
 * Brings the static files alone.
 *
 * @returns `'stopped'` when the signal came before the end.
 * @throws {STACK_MISSING} before the first deploy.
 * @throws {STATIC_OFF} when the app serves none.
 * @throws {STATIC_MISSING} {STATIC_UNREADABLE} {STATIC_TOO_LARGE}
 */
export async function deployStatic(options: {
  readonly app: App;
  readonly projectDir: string;
  readonly target: Target;
  readonly openAws: () => Promise<Aws>;
  readonly isPruning?: boolean;
  readonly onEvent: OnDeployEvent;
  /** @default 2000 */
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
}): Promise<Urls | 'stopped'> {
  const { app, target, onEvent, signal, pollMs = 2000 } = options;
  if (!app.static.isServed) throw errors.staticOff(app.file);
  await checkStaticFiles(options);
  using aws = await options.openAws();
  const { account } = await aws.identity();
  onEvent({ type: 'target', target, region: aws.region, account });
  await checkOwnBucket(aws, options);
  const settled = await settleStack({ aws, target, pollMs, onEvent, signal });
  if (settled === 'stopped') return 'stopped';
  if (settled === 'absent') throw errors.stackMissing(target);
  const { isStopped } = await deployStaticFiles({ ...options, aws });
  return isStopped ? 'stopped' : urlsOf(settled.stack);
}
