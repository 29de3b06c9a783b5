import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Write } from './guarded-store.ts';
import type { Members } from './outcome.ts';

/** Where the change of an item comes from. */
export interface StreamSource {
  readonly region: string;
  readonly accountId: string;
  readonly tableName: string;
  /** The names of the keys. */
  readonly keys: readonly string[];
  /** When the stream began, milliseconds since 1970. */
  readonly startedAtMs: number;
}

export interface Change {
  readonly write: Write;
  readonly by: 'call' | 'expiry';
  readonly atMs: number;
  /** From 1, one more for each change. */
  readonly count: number;
}

/** A change as a function is given it; `undefined`: nothing has changed, which DynamoDB does not tell either. */
export function streamRecord(
  source: StreamSource,
  { write: { before, after }, by, atMs, count }: Change,
): (Members & { readonly eventID: string }) | undefined {
  const item = after ?? before;
  if (item === undefined || isDeepStrictEqual(before, after)) return undefined;
  const keys = Object.fromEntries(source.keys.map((name) => [name, item[name]]));
  const images = { ...(after && { NewImage: after }), ...(before && { OldImage: before }) };
  return {
    eventID: randomBytes(16).toString('hex'),
    eventName: eventNameOf(before, after),
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: source.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(atMs / 1000),
      Keys: keys,
      ...images,
      SequenceNumber: sequenceNumber(count),
      SizeBytes: Buffer.byteLength(JSON.stringify([keys, images])),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    ...(by === 'expiry' && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
    eventSourceARN: streamArn(source),
  };
}

/** As long as those of AWS, and in order as texts too. */
export function sequenceNumber(count: number): string {
  return `1${String(count).padStart(20, '0')}`;
}

function eventNameOf(before: Members | undefined, after: Members | undefined): 'INSERT' | 'MODIFY' | 'REMOVE' {
  if (before === undefined) return 'INSERT';
  return after === undefined ? 'REMOVE' : 'MODIFY';
}

function streamArn({ region, accountId, tableName, startedAtMs }: StreamSource): string {
  const label = new Date(startedAtMs).toISOString().slice(0, -1);
  return `arn:aws:dynamodb:${region}:${accountId}:table/${tableName}/stream/${label}`;
}
