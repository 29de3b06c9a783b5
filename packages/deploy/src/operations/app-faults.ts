import type { App } from '@furrow/manifest';
import { isUserError, type UserError } from '@furrow/protocol';
import { deployTarget } from '../target.ts';
import { createTemplate } from '../template/create-template.ts';
import { checkLimits, checkNames } from '../template/limits.ts';
import { staticFunctionName } from '../template/template.ts';

/** What AWS would not take of an app, whatever its code is: as a deploy to production would throw it, and none of it. */
export function appFaults(app: App): readonly UserError[] {
  const target = deployTarget(app.name, 'production');
  const names = [...app.functions.map(({ name }) => name), staticFunctionName];
  const code = new Map(names.map((name) => [name, { key: '', sha256: '', handler: '' }]));
  const template = createTemplate({ app, target, code, variables: [] });
  return [() => checkLimits(template), () => checkNames(target, template)].flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (isUserError(error)) return [error];
      throw error;
    }
  });
}
