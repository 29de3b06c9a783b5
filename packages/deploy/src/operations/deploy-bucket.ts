import { createHash } from 'node:crypto';
import type { App } from '@furrow/manifest';
import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';

/** Where the name of an app's deploy bucket is remembered; Architect's place. */
export function bucketParameterName(appName: string): string {
  return `/${appName}/deploy/bucket`;
}

/**
 * The name that a new deploy bucket gets: the same for one app, account and region, so that a first deploy that was cut
 * off finds the bucket it had made. At most 63 characters, as S3 wants.
 */
export function bucketName(appName: string, facts: { readonly account: string; readonly region: string }): string {
  const hash = createHash('sha256').update(`${appName} ${facts.account} ${facts.region}`).digest('hex').slice(0, 10);
  const name = appName.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-');
  return `${name.slice(0, 32)}-cfn-deployments-${hash}`.replaceAll(/-{2,}/g, '-');
}

/** The deploy bucket of an app: what the manifest says, what was remembered, or the name that a new one will get. */
export async function chooseBucket(
  aws: Aws,
  { app, account }: { readonly app: Pick<App, 'name' | 'bucket'>; readonly account: string },
): Promise<string> {
  const known = app.bucket ?? (await aws.parameters.get(bucketParameterName(app.name)));
  return known ?? bucketName(app.name, { account, region: aws.region });
}

/**
 * Sees to it that the bucket is there and belongs to this account; makes and remembers it where it is not. One that the
 * manifest names may be another account's.
 *
 * Names can be computed, so somebody else could have made ours first, to have us run what they put there.
 *
 * @throws {BUCKET_TAKEN} when the name belongs to somebody else.
 */
export async function ensureBucket(
  aws: Aws,
  bucket: string,
  {
    appName,
    setting,
    account,
  }: { readonly appName: string; readonly setting: string | undefined; readonly account: string },
): Promise<'made' | 'known'> {
  const found = await aws.objects.headBucket(bucket, setting === undefined ? account : undefined);
  if (found === 'forbidden') throw errors.bucketTaken(bucket, setting !== undefined);
  if (found === 'missing' && (await aws.objects.createBucket(bucket)) === 'taken') {
    throw errors.bucketTaken(bucket, setting !== undefined);
  }
  const name = bucketParameterName(appName);
  if (setting === undefined && (await aws.parameters.get(name)) !== bucket) await aws.parameters.put(name, bucket);
  return found === 'missing' ? 'made' : 'known';
}
