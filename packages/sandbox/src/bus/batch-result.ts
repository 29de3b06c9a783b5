import type { Outcome } from '@furrow/protocol';

/** Of what a function is given one by one: failed, or not. */
export function failedAsOne(outcome: Outcome, batch: readonly { readonly messageId: string }[]): readonly string[] {
  return outcome.type === 'returned' ? [] : idsOf(batch);
}

/**
 * The messages of a batch that come again: those that `batchItemFailures` names, or all of them when the function failed, or
 * when it names one that was not there.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (read 2026-11)
 */
export function failedOfBatch(outcome: Outcome, batch: readonly { readonly messageId: string }[]): readonly string[] {
  const all = idsOf(batch);
  if (outcome.type !== 'returned') return all;
  const { value } = outcome;
  if (!isRecord(value)) return [];
  const named = value['batchItemFailures'] ?? [];
  if (!Array.isArray(named)) return all;
  const ids = named.map((item: unknown) => (isRecord(item) ? item['itemIdentifier'] : undefined));
  return ids.every((id) => all.some((known) => known === id)) ? all.filter((id) => ids.includes(id)) : all;
}

function idsOf(batch: readonly { readonly messageId: string }[]): readonly string[] {
  return batch.map(({ messageId }) => messageId);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
