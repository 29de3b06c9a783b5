import { createHash } from 'node:crypto';
import type { Aws } from '../aws/aws.ts';
import type { PackagedFunction } from '../package/package.ts';
import { isInline } from '../template/template-text.ts';
import { mapLimited } from './map-limited.ts';

const uploadsAtOnce = 4;

export interface Uploaded {
  readonly count: number;
  readonly bytes: number;
}

/** Puts the zips into the deploy bucket that are not there yet. Their names are their hashes, so none is ever changed. */
export async function uploadFunctions(
  aws: Aws,
  bucket: string,
  functions: readonly PackagedFunction[],
): Promise<Uploaded> {
  const byKey = [...new Map(functions.map((each) => [each.key, each])).values()];
  const sent = await mapLimited(byKey, uploadsAtOnce, async ({ key, zip }) => {
    if (await aws.objects.has(bucket, key)) return 0;
    await aws.objects.put(bucket, key, { body: zip, contentType: 'application/zip' });
    return zip.length;
  });
  return { count: sent.filter((bytes) => bytes > 0).length, bytes: sent.reduce((sum, bytes) => sum + bytes, 0) };
}

/** The template as CloudFormation takes it. A long one is put into the bucket, which must be there then. */
export async function handOverTemplate(
  aws: Aws,
  bucket: string,
  template: string,
): Promise<{ readonly body: string } | { readonly url: string }> {
  if (isInline(template)) return { body: template };
  const key = `templates/${createHash('sha256').update(template).digest('hex')}.json`;
  if (!(await aws.objects.has(bucket, key))) {
    await aws.objects.put(bucket, key, { body: Buffer.from(template), contentType: 'application/json' });
  }
  return { url: aws.objects.urlOf(bucket, key) };
}
