import type { Aws, Stack } from '../aws/aws.ts';
import type { DnsTarget, Urls } from './deploy-event.ts';

/** Where a stack's app answers, from its outputs. */
export function urlsOf(stack: Pick<Stack, 'outputs'> | undefined): Urls {
  const outputs = stack?.outputs ?? {};
  const { API: http, WSS: webSocket } = outputs;
  return { http, webSocket, dns: [...dnsOf(http, 'HTTP', outputs), ...dnsOf(webSocket, 'WS', outputs)] };
}

function dnsOf(url: string | undefined, api: string, outputs: Stack['outputs']): readonly DnsTarget[] {
  const target = outputs[`${api}DomainTarget`];
  if (url === undefined || target === undefined) return [];
  return [{ name: new URL(url).hostname, target, zone: outputs[`${api}DomainZone`] }];
}

/** Where the app of a stack answers now. */
export async function readUrls(aws: Aws, stackName: string): Promise<Urls> {
  return urlsOf(await aws.stacks.describe(stackName));
}
