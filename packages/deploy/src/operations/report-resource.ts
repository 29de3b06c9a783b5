import type { StackEvent } from '../aws/aws.ts';
import { readResources, type Part } from '../plan/parts.ts';
import { partWords } from '../plan/words.ts';
import type { OnDeployEvent } from './deploy-event.ts';
import { plainReason } from './plain-reason.ts';

/** What comes and goes with these is not told one by one; `plan` has said it. */
const told = new Set(['function', 'table', 'static', 'api', 'stage', 'deployment']);

/** What a resource is called on the way: `function join`; its logical id where the app has no word for it. */
export function describeResource(part: Part | undefined, logicalId: string): string {
  if (part === undefined) return logicalId;
  const kind = partWords(part.part);
  return part.label === '' || part.label === kind ? kind : `${kind} ${part.label}`;
}

/**
 * Turns events of a stack into those of a deploy: each thing of the app that came to an end, once, and each failure.
 *
 * @param touched logical ids that are known to change; absent: whatever changes is news.
 */
export function reportResource({
  template,
  stackId,
  touched,
  onEvent,
}: {
  readonly template: string | undefined;
  readonly stackId: string;
  readonly touched?: ReadonlySet<string>;
  readonly onEvent: OnDeployEvent;
}): (event: StackEvent) => void {
  const resources = readResources(template);
  const said = new Set<string>();
  let startedAtMs: number | undefined;
  return ({ atMs, logicalId, physicalId, status, reason }) => {
    // Both clocks are CloudFormation's.
    startedAtMs ??= atMs;
    if (physicalId === stackId || !/_(?:COMPLETE|FAILED)$/.test(status)) return;
    const part = resources.get(logicalId)?.part;
    const isFailure = status.endsWith('_FAILED');
    const isNews = (part === undefined || told.has(part.part)) && touched?.has(logicalId) !== false;
    const what = describeResource(part, logicalId);
    if (!isFailure && (!isNews || said.has(`${what} ${status}`))) return;
    said.add(`${what} ${status}`);
    const why = reason === undefined ? undefined : plainReason(reason);
    onEvent({ type: 'resource', elapsedMs: atMs - startedAtMs, logicalId, what, status, reason: why });
  };
}
