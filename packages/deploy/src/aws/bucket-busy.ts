import { setTimeout as delay } from 'node:timers/promises';
import { errors } from '../errors.ts';
import { refusalOf } from './failure.ts';

/** How long a name that is not free yet is waited for. */
export interface Patience {
  readonly attempts: number;
  readonly waitMs: number;
}

const ordinary: Patience = { attempts: 5, waitMs: 2000 };

/**
 * Makes a bucket, and again while S3 is not done with one of the same name that was removed a moment ago.
 *
 * @throws {BUCKET_BUSY} when that takes longer.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (read 2026-11), `OperationAborted`
 */
export async function whenFree<Made>(
  bucket: string,
  make: () => Promise<Made>,
  { attempts, waitMs }: Patience = ordinary,
): Promise<Made> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await make();
    } catch (error) {
      if (refusalOf(error)?.name !== 'OperationAborted') throw error;
      if (attempt >= attempts) throw errors.bucketBusy(bucket, error);
    }
    await delay(waitMs);
  }
}
