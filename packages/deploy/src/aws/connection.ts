import type { AwsCall } from './aws.ts';
import type { ClientConfig } from './client-config.ts';
import { awsFailure } from './failure.ts';

/** What a service's file is opened with. */
export interface Connection {
  readonly config: ClientConfig;
  readonly onCall: (call: AwsCall) => void;
}

/**
 * The step that each client gets in front of all others: it reports the call, once however often the SDK tries, and
 * turns what is thrown into a `UserError`.
 */
export function heard(service: string, { config, onCall }: Connection) {
  return <Args, Output>(next: (args: Args) => Promise<Output>, context: { readonly commandName?: string }) =>
    async (args: Args): Promise<Output> => {
      const operation = (context.commandName ?? '').replace(/Command$/, '');
      onCall({ service, operation });
      try {
        return await next(args);
      } catch (error) {
        throw awsFailure(error, { service, operation, region: config.region, profile: config.profile });
      }
    };
}

/** Where `heard` stands. */
export const first = { step: 'initialize', priority: 'high', name: 'heard' } as const;

/** All pages of an answer, one after the other, until there is no token for the next. */
export async function* pagesOf<Page extends { readonly NextToken?: string | undefined }>(
  ask: (token: { readonly NextToken?: string }) => Promise<Page>,
): AsyncGenerator<Page> {
  let token: string | undefined;
  do {
    const page = await ask(token === undefined ? {} : { NextToken: token });
    yield page;
    token = page.NextToken;
  } while (token !== undefined);
}
