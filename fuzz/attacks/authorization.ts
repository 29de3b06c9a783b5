import { signedHeaders } from '@furrow/protocol';
import type { Facts } from '../support/attack.ts';
import { mutate } from '../support/mutate.ts';
import type { Random } from '../support/random.ts';

export type Headers = readonly (readonly [string, string])[];

/** What a request says of its signature: a right one, or one that is wrong in some way. */
export function authorization(
  random: Random,
  facts: Facts,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: Buffer },
  service: string,
): Headers {
  const [plainPath = '', query = ''] = path.split('?');
  const signed = signedHeaders(
    { method, path: plainPath, query, headers: { host: facts.host }, body },
    {
      credentials: facts.credentials,
      region: facts.region,
      service,
      atMs: facts.nowMs + random.pick([0, 0, 0, -400_000, 1e9]),
    },
  );
  const header = signed['authorization'] ?? '';
  const date = signed['x-amz-date'] ?? '';
  return random.pick<() => Headers>([
    () => [
      ['Authorization', header],
      ['X-Amz-Date', date],
    ],
    () => [
      ['Authorization', header],
      ['X-Amz-Date', date],
    ],
    () => [],
    () => [['Authorization', header]],
    () => [
      ['Authorization', header],
      ['X-Amz-Date', random.pick(['', 'now', '99999999T999999Z', '20240219T071142Z'])],
    ],
    () => [
      [
        'Authorization',
        mutate(random, Buffer.from(header))
          .toString('latin1')
          .replaceAll(/[\r\n]/g, ''),
      ],
      ['X-Amz-Date', date],
    ],
    () => [
      ['Authorization', header.replace('AKIAFUZZ', random.pick(['AKIAOTHER', '__proto__', '']))],
      ['X-Amz-Date', date],
    ],
    () => [
      ['Authorization', header.replace(/SignedHeaders=[^,]*/, `SignedHeaders=${'host;'.repeat(5000)}`)],
      ['X-Amz-Date', date],
    ],
    () => [
      ['Authorization', random.pick(['Basic eDp5', 'AWS4-HMAC-SHA256', `AWS4-HMAC-SHA256 ${'='.repeat(20_000)}`])],
    ],
    () => [
      ['Authorization', header],
      ['Authorization', header],
      ['X-Amz-Date', date],
      ['X-Amz-Content-Sha256', 'x'],
    ],
  ])();
}
