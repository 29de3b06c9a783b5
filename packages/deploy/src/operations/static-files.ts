import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { App } from '@furrow/manifest';
import { contentTypeOf } from '@furrow/protocol';
import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import type { Target } from '../target.ts';
import type { OnDeployEvent } from './deploy-event.ts';
import { mapLimited } from './map-limited.ts';

export interface StaticOptions {
  readonly aws: Aws;
  readonly bucket: string;
  /** Absolute. */
  readonly folder: string;
  /** Whether files of the bucket that the folder lacks are removed. */
  readonly isPruning: boolean;
}

export interface StaticResult {
  readonly put: number;
  readonly removed: number;
  /** Files of the folder. */
  readonly of: number;
  /** Files of the bucket that the folder lacks and that stay. */
  readonly extra: number;
}

/** The logical id of the bucket of static files; Architect's. */
const bucketId = 'StaticBucket';
const nothing: StaticResult = { put: 0, removed: 0, of: 0, extra: 0 };

/** Brings the static files of an app to its stack. */
export async function deployStaticFiles({
  app,
  projectDir,
  target,
  aws,
  isPruning = false,
  onEvent,
}: {
  readonly app: App;
  readonly projectDir: string;
  readonly target: Target;
  readonly aws: Aws;
  readonly isPruning?: boolean;
  readonly onEvent: OnDeployEvent;
}): Promise<StaticResult> {
  if (!app.static.isServed) return nothing;
  const resources = await aws.stacks.resources(target.stackName);
  const bucket = resources.find(({ logicalId }) => logicalId === bucketId)?.physicalId;
  if (bucket === undefined) throw errors.staticBucketMissing(target.stackName);
  const result = await syncStaticFiles({ aws, bucket, folder: join(projectDir, app.static.folder), isPruning });
  onEvent({ type: 'files', ...result });
  return result;
}

/** What the sandbox says of its files, too: browsers ask each time, and get 304 where nothing has changed. */
const cacheControl = 'public, max-age=0, must-revalidate';
const filesAtOnce = 8;

/** Brings a bucket to what a folder holds; only what differs is sent. */
export async function syncStaticFiles({ aws, bucket, folder, isPruning }: StaticOptions): Promise<StaticResult> {
  const [keys, stored] = await Promise.all([listFolder(folder), aws.objects.list(bucket)]);
  const etags = new Map(stored.map(({ key, etag }) => [key, etag]));
  const puts = await mapLimited(keys, filesAtOnce, async (key) => {
    const body = await readFile(join(folder, ...key.split('/')));
    // An object that was put in one piece and is encrypted by S3's own keys has the MD5 as its ETag.
    if (etags.get(key) === createHash('md5').update(body).digest('hex')) return false;
    await aws.objects.put(bucket, key, { body, contentType: contentTypeOf(key), cacheControl });
    return true;
  });
  const own = new Set(keys);
  const extra = stored.map(({ key }) => key).filter((key) => !own.has(key));
  if (isPruning && extra.length > 0) await aws.objects.remove(bucket, extra);
  return {
    put: puts.filter(Boolean).length,
    removed: isPruning ? extra.length : 0,
    of: keys.length,
    extra: isPruning ? 0 : extra.length,
  };
}

/** Keys of all files below a folder, `/` between the parts, in order. Hidden files are left at home. */
async function listFolder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw errors.staticUnreadable(folder, error);
  });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep))
    .filter((parts) => !parts.some((part) => part.startsWith('.') && part !== '.well-known'))
    .map((parts) => parts.join('/'))
    .toSorted();
}
