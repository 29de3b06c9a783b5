import type { Aws, AwsCall } from './aws/aws.ts';

/** What a command knows when it needs AWS. */
export interface OpenAwsOptions {
  /** What the manifest says. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onCall?: (call: AwsCall) => void;
}

/**
 * Opens AWS. The SDK is loaded here and not before, so that what needs no AWS does not pay for it.
 *
 * @throws {AWS_REGION_MISSING} when nothing says in which region.
 */
export async function openAws(options: OpenAwsOptions): Promise<Aws> {
  const door = await import('./aws/open-aws.ts');
  return door.openAws(options);
}
