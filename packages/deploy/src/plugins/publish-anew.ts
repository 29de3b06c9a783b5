import { createHash } from 'node:crypto';
import type { Template } from '../template/template.ts';
import { copyOf } from './architect-view.ts';

/**
 * Gives a published version another id when plugins have changed its function: CloudFormation publishes no version twice, and
 * clients would go on meeting the old one. Pure.
 */
export function publishAnew(created: Template, changed: Template): Template {
  const renames = Object.entries(created.Resources).flatMap(([id, { Type, Properties }]) => {
    const published = copyOf({ ...Properties })['FunctionName'];
    if (Type !== 'AWS::Lambda::Version' || published === undefined) return [];
    const { Ref: functionId } = copyOf(published);
    if (typeof functionId !== 'string') return [];
    const [before, after] = [created, changed].map(({ Resources }) => JSON.stringify(Resources[functionId]));
    return before === after || after === undefined ? [] : [[id, idFor(id, after)] as const];
  });
  if (renames.length === 0) return changed;
  const text = renames.reduce((so, [id, other]) => so.replaceAll(`"${id}"`, `"${other}"`), JSON.stringify(changed));
  return JSON.parse(text);
}

/** Its own, with digits for another state at its end. */
function idFor(id: string, state: string): string {
  const digits = createHash('sha256').update(`${id} ${state}`).digest('hex').slice(0, 8);
  return id.slice(0, -digits.length) + digits;
}
