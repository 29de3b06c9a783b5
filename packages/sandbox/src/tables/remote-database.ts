import { signedHeaders, type Clock, type Credentials } from '@furrow/protocol';
import { errors } from '../errors.ts';
import { parseInput } from './aws-json.ts';
import type { Database } from './database.ts';
import type { Outcome } from './outcome.ts';

export interface RemoteDatabaseOptions {
  /** `http://localhost:8000` */
  readonly url: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
}

const answerWithinMs = 30_000;

/** A database that others run: DynamoDB Local, or any other of the same protocol. */
export function createRemoteDatabase({ url, region, credentials, clock }: RemoteDatabaseOptions): Database {
  const { host, pathname: path } = new URL(url);
  return {
    async call(operation, input): Promise<Outcome> {
      const body = Buffer.from(JSON.stringify(input));
      const unsigned = {
        host,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      };
      const signable = { method: 'POST', path, query: '', headers: unsigned, body };
      const signed = signedHeaders(signable, { credentials, region, service: 'dynamodb', atMs: clock.now() });
      const { host: _, ...headers } = { ...unsigned, ...signed };
      const signal = AbortSignal.timeout(answerWithinMs);
      const answer = await fetch(url, { method: 'POST', headers, body, signal })
        .then(async (response) => ({ statusCode: response.status, members: parseInput(await response.text()) }))
        .catch((error: unknown) => {
          throw errors.externalDbUnreachable(url, error);
        });
      const { statusCode, members } = answer;
      if (members === undefined) throw errors.externalDbUnreachable(url, `its answer, ${statusCode}, is no JSON`);
      return statusCode === 200 ? { type: 'done', value: members } : { type: 'refused', statusCode, body: members };
    },
    // It is not ours to close.
    close: async () => {},
  };
}
