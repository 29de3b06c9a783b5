import type { ResourceChange } from '../aws/aws.ts';

/**
 * Changes with `Conditional` decided where it can be: a resource that would only be replaced because another is, is not
 * when that one stays. CloudFormation leaves it open until it acts. Pure.
 */
export function settleReplacement(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  const byId = new Map(changes.map((change) => [change.logicalId, change]));
  return changes.map((change) =>
    change.replacement === 'Conditional' && stays(change, byId, new Set())
      ? { ...change, replacement: 'False' }
      : change,
  );
}

function stays(
  { replacement, follows, logicalId }: ResourceChange,
  byId: ReadonlyMap<string, ResourceChange>,
  seen: ReadonlySet<string>,
): boolean {
  if (replacement !== 'Conditional') return replacement !== 'True';
  // References in a circle cannot be; if they were, nothing would be certain.
  if (follows.length === 0 || seen.has(logicalId)) return false;
  return follows.every((id) => {
    const cause = byId.get(id);
    return cause !== undefined && cause.action === 'Modify' && stays(cause, byId, new Set([...seen, logicalId]));
  });
}
