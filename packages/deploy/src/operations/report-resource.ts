import type { StackEvent } from '../aws/aws.ts';
import { readResources, type Part } from '../plan/parts.ts';
import { resourceWords } from '../plan/words.ts';
import type { OnDeployEvent } from './deploy-event.ts';

/** What a resource is called on the way: `function join`; its logical id where the app has no word for it. */
export function describeResource(part: Part | undefined, logicalId: string): string {
  if (part === undefined) return logicalId;
  return part.label === '' ? `${resourceWords(part.part)} (${logicalId})` : `${resourceWords(part.part)} ${part.label}`;
}

/** Turns events of a stack into those of a deploy: each resource that came to an end, the stack itself left out. */
export function reportResource({
  template,
  stackId,
  onEvent,
}: {
  readonly template: string | undefined;
  readonly stackId: string;
  readonly onEvent: OnDeployEvent;
}): (event: StackEvent) => void {
  const resources = readResources(template);
  let startedAtMs: number | undefined;
  return ({ atMs, logicalId, physicalId, status, reason }) => {
    // Both clocks are CloudFormation's.
    startedAtMs ??= atMs;
    if (physicalId === stackId || !/_(?:COMPLETE|FAILED)$/.test(status)) return;
    const what = describeResource(resources.get(logicalId)?.part, logicalId);
    onEvent({ type: 'resource', elapsedMs: atMs - startedAtMs, logicalId, what, status, reason });
  };
}
