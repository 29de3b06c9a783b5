import { done, isMembers, refused, type Members, type Outcome } from './outcome.ts';

/** Which attribute says when items expire, by the table's name in the database. */
export type TimesToLive = ReadonlyMap<string, string>;

/** What `UpdateTimeToLive` leads to; the table is there. */
export function updateTimeToLive(
  known: TimesToLive,
  tableName: string,
  specification: unknown,
): { readonly outcome: Outcome; readonly attribute?: string | undefined } {
  const given: Members = isMembers(specification) ? specification : {};
  const { AttributeName: attribute, Enabled: isEnabled } = given;
  if (typeof attribute !== 'string' || attribute === '' || typeof isEnabled !== 'boolean') {
    return { outcome: invalid('TimeToLiveSpecification takes an AttributeName and Enabled.') };
  }
  const current = known.get(tableName);
  if (current !== undefined && current !== attribute) {
    const why = `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`;
    return { outcome: invalid(why), attribute: current };
  }
  if (isEnabled === (current !== undefined)) {
    return { outcome: invalid(`TimeToLive is already ${isEnabled ? 'enabled' : 'disabled'}`), attribute: current };
  }
  const outcome = done({ TimeToLiveSpecification: { AttributeName: attribute, Enabled: isEnabled } });
  return { outcome, attribute: isEnabled ? attribute : undefined };
}

export function describeTimeToLive(known: TimesToLive, tableName: string): Outcome {
  const attribute = known.get(tableName);
  const description =
    attribute === undefined
      ? { TimeToLiveStatus: 'DISABLED' }
      : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute };
  return done({ TimeToLiveDescription: description });
}

const oldestSeconds = 5 * 365 * 24 * 60 * 60;

/**
 * What a scan for expired items, and the condition of their removal, look for.
 *
 * A time that is no number, or more than five years ago, removes nothing.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html (read 2026-11)
 */
export function expiredBefore(attribute: string, nowMs: number) {
  const now = Math.floor(nowMs / 1000);
  return {
    expression: 'attribute_type(#ttl, :number) AND #ttl BETWEEN :oldest AND :now',
    ExpressionAttributeNames: { '#ttl': attribute },
    ExpressionAttributeValues: {
      ':number': { S: 'N' },
      ':oldest': { N: String(now - oldestSeconds) },
      ':now': { N: String(now) },
    },
  };
}

function invalid(message: string): Outcome {
  return refused('ValidationException', message);
}
