import { adapt, type Adapted, type Source } from './handler.ts';

/**
 * Goes into every built `@queues` function: what it returns reaches Lambda only where it names messages that failed.
 *
 * Lambda looks for those in any result, and takes one that it cannot read for a batch that failed. Handlers that Architect
 * made return lists.
 */
export function adaptQueue(source: Source, name: string): Adapted | undefined {
  const handler = adapt(source, name);
  return handler && (async (event, context) => withoutOthers(await handler(event, context)));
}

/** The result when it has `batchItemFailures`, else nothing. */
export function withoutOthers(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'batchItemFailures' in value ? value : undefined;
}
