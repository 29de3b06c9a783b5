import { join } from 'node:path';
import type { BuildTarget } from '@furrow/executor';

/**
 * The function that serves the static folder on AWS, as something that can be built.
 *
 * `handler` is TypeScript in a checkout and JavaScript in the published package; a build finds either.
 */
export const staticFunction: BuildTarget = {
  kind: 'http',
  sourceDir: join(import.meta.dirname),
  handler: 'handler.handler',
};
