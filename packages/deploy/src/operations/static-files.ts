import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { App } from '@furrow/manifest';
import { contentTypeOf } from '@furrow/protocol';
import type { Aws, StoredObject } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import type { Target } from '../target.ts';
import type { OnDeployEvent } from './deploy-event.ts';
import { listStatic, unlessGone, type StaticFile } from './list-static.ts';
import { mapLimited } from './map-limited.ts';

export interface StaticOptions {
  readonly aws: Aws;
  readonly bucket: string;
  /** Absolute. */
  readonly folder: string;
  /** Whether files of the bucket that the folder lacks are removed. */
  readonly isPruning: boolean;
  /** Stops between two files. */
  readonly signal?: AbortSignal | undefined;
}

export interface StaticResult {
  readonly put: number;
  readonly removed: number;
  /** Files of the folder. */
  readonly of: number;
  /** Files of the bucket that the folder lacks and that stay. */
  readonly extra: number;
  /** Files of the folder that no browser could ask for, and that are not sent. */
  readonly skipped: readonly string[];
  /** Whether the signal ended it before all was done. */
  readonly isStopped: boolean;
}

/** The logical id of the bucket of static files; Architect's. */
const bucketId = 'StaticBucket';
const nothing: StaticResult = { put: 0, removed: 0, of: 0, extra: 0, skipped: [], isStopped: false };

/**
 * Looks whether the static files of an app could be sent, without AWS.
 *
 * @throws {STATIC_MISSING} when files are to be removed by a folder that is not there.
 * @throws {STATIC_UNREADABLE} {STATIC_TOO_LARGE}
 */
export async function checkStaticFiles({
  app,
  projectDir,
  isPruning = false,
}: {
  readonly app: App;
  readonly projectDir: string;
  readonly isPruning?: boolean | undefined;
}): Promise<void> {
  if (app.static.isServed) await readFolder(join(projectDir, app.static.folder), isPruning);
}

/** Brings the static files of an app to its stack. */
export async function deployStaticFiles({
  app,
  projectDir,
  target,
  aws,
  isPruning = false,
  onEvent,
  signal,
}: {
  readonly app: App;
  readonly projectDir: string;
  readonly target: Target;
  readonly aws: Aws;
  readonly isPruning?: boolean;
  readonly onEvent: OnDeployEvent;
  readonly signal?: AbortSignal | undefined;
}): Promise<StaticResult> {
  if (!app.static.isServed) return nothing;
  const resources = await aws.stacks.resources(target.stackName);
  const bucket = resources.find(({ logicalId }) => logicalId === bucketId)?.physicalId;
  if (bucket === undefined) throw errors.staticBucketMissing(target.stackName);
  const folder = join(projectDir, app.static.folder);
  const result = await syncStaticFiles({ aws, bucket, folder, isPruning, signal });
  onEvent({ type: 'files', ...result });
  return result;
}

/** What the sandbox says of its files, too: browsers ask each time, and get 304 where nothing has changed. */
const cacheControl = 'public, max-age=0, must-revalidate';
const filesAtOnce = 8;
/** Larger files are not read whole. */
const mostBytesInMemory = 8_000_000;

/**
 * Brings a bucket to what a folder holds; only what differs is sent. Without a folder nothing is sent or removed.
 *
 * @throws {STATIC_MISSING} {STATIC_UNREADABLE} {STATIC_TOO_LARGE} before anything is sent.
 */
export async function syncStaticFiles(options: StaticOptions): Promise<StaticResult> {
  const { aws, bucket, folder, isPruning, signal } = options;
  const found = await readFolder(folder, isPruning);
  if (found === undefined) return nothing;
  const { files, skipped } = found;
  const stored = await aws.objects.list(bucket);
  const byKey = new Map(stored.map((object) => [object.key, object]));
  const ends = await mapLimited(files, filesAtOnce, async (file) =>
    signal?.aborted === true ? 'stopped' : putFile(options, file, byKey.get(file.key)),
  );
  const own = new Set(files.map(({ key }) => key));
  const extra = stored.map(({ key }) => key).filter((key) => !own.has(key));
  const isStopped = ends.includes('stopped') || (signal?.aborted === true && isPruning && extra.length > 0);
  const removed = isPruning && !isStopped ? extra : [];
  if (removed.length > 0) await aws.objects.remove(bucket, removed);
  return {
    put: ends.filter((end) => end === 'sent').length,
    removed: removed.length,
    of: files.length,
    extra: extra.length - removed.length,
    skipped,
    isStopped,
  };
}

async function readFolder(folder: string, isPruning: boolean) {
  const found = await listStatic(folder);
  // An empty folder is a wish, a missing one a mistake: a name changed, a build not run.
  if (found === undefined && isPruning) throw errors.staticMissing(folder);
  return found;
}

type FileEnd = 'sent' | 'same' | 'gone' | 'stopped';

async function putFile(
  { aws, bucket }: StaticOptions,
  file: StaticFile,
  stored: StoredObject | undefined,
): Promise<FileEnd> {
  const { key, path, bytes } = file;
  const body = bytes > mostBytesInMemory ? { path, bytes } : await unlessGone(path, readFile(path));
  if (body === undefined) return 'gone';
  // An object that was put in one piece and is encrypted by S3's own keys has the MD5 as its ETag.
  if (stored !== undefined && stored.etag === (await unlessGone(path, md5Of(body)))) return 'same';
  const put = aws.objects.put(bucket, key, { body, contentType: contentTypeOf(key), cacheControl });
  return (
    (await unlessGone(
      path,
      put.then(() => 'sent' as const),
    )) ?? 'gone'
  );
}

async function md5Of(body: Buffer | { readonly path: string }): Promise<string> {
  const hash = createHash('md5');
  if (Buffer.isBuffer(body)) hash.update(body);
  else await pipeline(createReadStream(body.path), hash);
  return hash.digest('hex');
}
