import type { Aws, Stack } from '../aws/aws.ts';
import type { Urls } from './deploy-event.ts';

/** Where a stack's app answers, from its outputs. */
export function urlsOf(stack: Pick<Stack, 'outputs'> | undefined): Urls {
  return { http: stack?.outputs['API'], webSocket: stack?.outputs['WSS'] };
}

/** Where the app of a stack answers now. */
export async function readUrls(aws: Aws, stackName: string): Promise<Urls> {
  return urlsOf(await aws.stacks.describe(stackName));
}
