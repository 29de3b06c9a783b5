import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Aws } from './aws.ts';
import { first, heard, type Connection } from './connection.ts';

/** Who calls. */
export function openSts(connection: Connection): Pick<Aws, 'identity'> & Disposable {
  const client = new STSClient(connection.config);
  client.middlewareStack.add(heard('STS', connection), first);
  return {
    async identity() {
      const { Account = '' } = await client.send(new GetCallerIdentityCommand({}));
      return { account: Account };
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

/** The region that the SDK's files name for a profile; `undefined` when they name none. */
export async function findRegion(profile: string | undefined): Promise<string | undefined> {
  const client = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch {
    // All that can go wrong here is that there is none: files that cannot be read count as empty.
    return undefined;
  } finally {
    client.destroy();
  }
}
