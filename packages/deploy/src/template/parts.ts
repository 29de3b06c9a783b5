import type { Resource, Value } from './template.ts';

/** Resources by logical id. */
export type Resources = Readonly<Record<string, Resource>>;

/** What a resource is in the app's own words; a plan reads it from the template. */
export interface PartOf {
  readonly part:
    | 'api'
    | 'alias'
    | 'authorizer'
    | 'deadletters'
    | 'deployment'
    | 'domain'
    | 'function'
    | 'integration'
    | 'logs'
    | 'parameter'
    | 'permission'
    | 'queue'
    | 'response'
    | 'role'
    | 'route'
    | 'rule'
    | 'source'
    | 'stage'
    | 'static'
    | 'subscription'
    | 'table'
    | 'topic'
    | 'version';
  /** `ws/join`, `events/likes`, `rooms` for a table; empty for what belongs to the whole app. */
  readonly name: string;
  /** `join`, `get /`, `rooms` */
  readonly label: string;
}

/** The metadata that says what a resource is. */
export function describePart({ part, name, label }: PartOf): Readonly<Record<string, Value>> {
  return { Furrow: { part, name, label } };
}

/** A resource of the whole app. */
export function ofApp(part: PartOf['part'], label: string): Readonly<Record<string, Value>> {
  return describePart({ part, name: '', label });
}

/**
 * Puts resources together.
 *
 * @throws {Error} when two have one id, which is a bug.
 */
export function mergeResources(groups: readonly Resources[]): Resources {
  const entries = groups.flatMap((group) => Object.entries(group));
  const merged = Object.fromEntries(entries);
  if (Object.keys(merged).length === entries.length) return merged;
  const twice = entries.map(([id]) => id).filter((id, index, ids) => ids.indexOf(id) !== index);
  throw new Error(`Two resources have one logical id: ${twice.join(', ')}`);
}
