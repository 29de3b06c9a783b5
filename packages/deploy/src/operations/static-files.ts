import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { App, StaticSettings } from '@furrow/manifest';
import { contentTypeOf, fillNamesOfFiles, maxNamingBytes, mayNameFiles } from '@furrow/protocol';
import type { Aws, FileBody, StoredObject } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import type { Target } from '../target.ts';
import { compress } from './compress.ts';
import type { OnDeployEvent } from './deploy-event.ts';
import type { Fingerprints } from './fingerprints.ts';
import { listStatic, unlessGone } from './list-static.ts';
import { mapLimited } from './map-limited.ts';
import { planObjects, type PlannedObject } from './static-objects.ts';

export interface StaticOptions {
  readonly aws: Aws;
  readonly bucket: string;
  /** Absolute. */
  readonly folder: string;
  /** Whether files of the bucket that the folder lacks are removed. */
  readonly isPruning: boolean;
  /** @default the files as they are, all of them */
  readonly settings?: Partial<Pick<StaticSettings, 'prefix' | 'ignore' | 'fingerprint' | 'compression'>>;
  /** Stops between two files. */
  readonly signal?: AbortSignal | undefined;
}

export interface StaticResult {
  readonly put: number;
  readonly removed: number;
  /** What the folder makes; with fingerprints each file has two names. */
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
  const { isServed, folder, ignore, prune } = app.static;
  if (isServed) await readFolder(join(projectDir, folder), { isPruning: isPruning || prune, ignore });
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
  const bucket = app.static[target.stage] ?? (await madeBucket(aws, target));
  const folder = join(projectDir, app.static.folder);
  const settings = app.static;
  const result = await syncStaticFiles({
    aws,
    bucket,
    folder,
    isPruning: isPruning || settings.prune,
    settings,
    signal,
  });
  onEvent({ type: 'files', ...result });
  return result;
}

async function madeBucket(aws: Aws, { stackName }: Target): Promise<string> {
  const resources = await aws.stacks.resources(stackName);
  const bucket = resources.find(({ logicalId }) => logicalId === bucketId)?.physicalId;
  if (bucket === undefined) throw errors.staticBucketMissing(stackName);
  return bucket;
}

/**
 * Looks whether the bucket that `@static` names for the stage can be used, before anything is changed.
 *
 * @throws {STATIC_BUCKET_UNUSABLE} when it is not there, or somebody else's who lets nobody in.
 */
export async function checkOwnBucket(
  aws: Aws,
  { app, target }: { readonly app: App; readonly target: Target },
): Promise<void> {
  const bucket = app.static.isServed ? app.static[target.stage] : undefined;
  if (bucket === undefined) return;
  const found = await aws.objects.headBucket(bucket);
  if (found !== 'exists') throw errors.staticBucketUnusable(bucket, target.stage, found);
}

const filesAtOnce = 8;

/**
 * Brings a bucket to what a folder holds; only what differs is sent. Without a folder nothing is sent or removed.
 *
 * @throws {STATIC_MISSING} {STATIC_UNREADABLE} {STATIC_TOO_LARGE} before anything is sent.
 */
export async function syncStaticFiles(options: StaticOptions): Promise<StaticResult> {
  const { aws, bucket, folder, isPruning, settings = {}, signal } = options;
  const { ignore = [], prefix } = settings;
  const found = await readFolder(folder, { isPruning, ignore });
  if (found === undefined) return nothing;
  const { skipped } = found;
  const { objects, names } = await planObjects(found.files, settings);
  const stored = await aws.objects.list(bucket);
  const byKey = new Map(stored.map((object) => [object.key, object]));
  const ends = await mapLimited(objects, filesAtOnce, async (object) =>
    signal?.aborted === true ? 'stopped' : putObject({ ...options, names }, object, byKey.get(object.key)),
  );
  const own = new Set(objects.map(({ key }) => key));
  const isOurs = (key: string) => key.startsWith(prefix === undefined ? '' : `${prefix}/`);
  const isIgnored = (key: string) => ignore.some((word) => key.includes(word));
  const extra = stored.map(({ key }) => key).filter((key) => !own.has(key) && isOurs(key) && !isIgnored(key));
  const isStopped = ends.includes('stopped') || (signal?.aborted === true && isPruning && extra.length > 0);
  const removed = isPruning && !isStopped ? extra : [];
  if (removed.length > 0) await aws.objects.remove(bucket, removed);
  return {
    put: ends.filter((end) => end === 'sent').length,
    removed: removed.length,
    of: objects.length,
    extra: extra.length - removed.length,
    skipped,
    isStopped,
  };
}

async function readFolder(
  folder: string,
  { isPruning, ignore }: { readonly isPruning: boolean; readonly ignore: readonly string[] },
) {
  const found = await listStatic(folder, ignore);
  // An empty folder is a wish, a missing one a mistake: a name changed, a build not run.
  if (found === undefined && isPruning) throw errors.staticMissing(folder);
  return found;
}

type FileEnd = 'sent' | 'same' | 'gone' | 'stopped';

async function putObject(
  { aws, bucket, settings, names }: StaticOptions & { readonly names: Fingerprints | undefined },
  { key, content, cacheControl }: PlannedObject,
  stored: StoredObject | undefined,
): Promise<FileEnd> {
  const contentType = contentTypeOf(key);
  const read = await readContent(content, contentType, names);
  if (read === undefined) return 'gone';
  const { body, contentEncoding } = Buffer.isBuffer(read)
    ? await compress(read, { contentType, encoding: settings?.compression })
    : { body: read };
  const path = pathOf(content);
  // An object that was put in one piece and is encrypted by S3's own keys has the MD5 as its ETag.
  if (stored !== undefined && stored.etag === (await unlessGone(path, md5Of(body)))) return 'same';
  const put = aws.objects.put(bucket, key, {
    body,
    contentType,
    cacheControl,
    ...(contentEncoding !== undefined && { contentEncoding }),
  });
  return (
    (await unlessGone(
      path,
      put.then(() => 'sent' as const),
    )) ?? 'gone'
  );
}

/**
 * What is sent, with the names of other files filled in. Larger files stay on the disk, name nothing and are never
 * compressed. `undefined` for one that has gone.
 */
async function readContent(
  content: PlannedObject['content'],
  contentType: string,
  names: Fingerprints = {},
): Promise<Buffer | FileBody | undefined> {
  if (Buffer.isBuffer(content) || content.bytes > maxNamingBytes) return content;
  const body = await unlessGone(content.path, readFile(content.path));
  if (body === undefined || !mayNameFiles(contentType)) return body;
  return fillNamesOfFiles(body, (name) => names[name] ?? name);
}

function pathOf(content: PlannedObject['content']): string {
  return Buffer.isBuffer(content) ? '' : content.path;
}

async function md5Of(body: Buffer | { readonly path: string }): Promise<string> {
  const hash = createHash('md5');
  if (Buffer.isBuffer(body)) hash.update(body);
  else await pipeline(createReadStream(body.path), hash);
  return hash.digest('hex');
}
