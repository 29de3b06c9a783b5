import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type BucketLocationConstraint,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3';
import type { Objects, StoredObject } from './aws.ts';
import { whenFree, type Patience } from './bucket-busy.ts';
import { first, heard, type Connection } from './connection.ts';
import { awsFailure, refusalOf } from './failure.ts';
import { putFile } from './put-file.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html (read 2026-11) */
const mostKeysPerCall = 1000;

/** The SDK prints by itself that it does not try a stream again; that is done here. */
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Buckets and what is in them. */
export function openS3(connection: Connection, patience?: Patience): Omit<Objects, 'urlOf'> & Disposable {
  const { config } = connection;
  // Emulators have no host name for each bucket.
  const client = new S3Client({ ...config, forcePathStyle: config.endpoint !== undefined });
  // A checksum would be sent behind the stream, in another encoding; S3 makes one itself.
  const streaming = new S3Client({
    ...config,
    forcePathStyle: config.endpoint !== undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    logger: silent,
  });
  for (const { middlewareStack } of [client, streaming]) middlewareStack.add(heard('S3', connection), first);

  const removeObjects = async (bucket: string, objects: readonly ObjectIdentifier[]) => {
    for (let start = 0; start < objects.length; start += mostKeysPerCall) {
      const Objects = objects.slice(start, start + mostKeysPerCall);
      const { Errors } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      );
      const [failed] = Errors ?? [];
      if (failed !== undefined) throw removalFailure(failed, connection);
    }
  };

  const emptyBucket = async (bucket: string) => {
    for await (const objects of versionsOf(client, bucket)) await removeObjects(bucket, objects);
  };

  return {
    headBucket: (bucket, owner) => headBucket(client, bucket, owner),
    createBucket: (bucket) => whenFree(bucket, () => createBucket(client, bucket, config.region), patience),

    async has(bucket, key) {
      const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
      return client.send(command).then(() => true, statusIs(404, false));
    },

    async put(bucket, key, { body, contentType, contentEncoding, cacheControl }) {
      const input = {
        Bucket: bucket,
        Key: key,
        ContentType: contentType,
        ContentEncoding: contentEncoding,
        CacheControl: cacheControl,
      };
      if (Buffer.isBuffer(body)) {
        await client.send(new PutObjectCommand({ ...input, Body: body }));
        return;
      }
      await putFile(body, config.maxAttempts, (stream, abortSignal) => {
        const command = new PutObjectCommand({ ...input, Body: stream, ContentLength: body.bytes });
        return streaming.send(command, { abortSignal });
      });
    },

    list: (bucket, options) => listObjects(client, bucket, options),
    remove: (bucket, keys) =>
      removeObjects(
        bucket,
        keys.map((key) => ({ Key: key })),
      ),

    async removeBucket(bucket) {
      await emptyBucket(bucket);
      await client.send(new DeleteBucketCommand({ Bucket: bucket })).catch(statusIs(404, undefined));
    },

    emptyBucket,
    [Symbol.dispose]() {
      client.destroy();
      streaming.destroy();
    },
  };
}

/** A handler of errors that gives a value for this status; HEAD has no body, so there is nothing else to tell it by. */
function statusIs<Value>(status: number, value: Value): (error: unknown) => Value {
  return (error) => {
    if (refusalOf(error)?.status === status) return value;
    throw error;
  };
}

async function headBucket(
  client: S3Client,
  bucket: string,
  owner?: string,
): Promise<'exists' | 'missing' | 'forbidden'> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: owner }));
    return 'exists';
  } catch (error) {
    const status = refusalOf(error)?.status;
    if (status === 404) return 'missing';
    // 301: it is in another region, where neither CloudFormation nor Lambda would take code from it.
    if (status === 403 || status === 301) return 'forbidden';
    throw error;
  }
}

/** Each call can be made again, so that a creation that was cut off is finished by the next. */
async function createBucket(client: S3Client, bucket: string, region: string): Promise<'created' | 'taken'> {
  try {
    await client.send(
      new CreateBucketCommand({
        Bucket: bucket,
        // The oldest region is the one that has no name here.
        ...(region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: constraint(region) } }),
      }),
    );
  } catch (error) {
    const name = refusalOf(error)?.name;
    if (name === 'BucketAlreadyExists') return 'taken';
    if (name !== 'BucketAlreadyOwnedByYou') throw error;
    if ((await headBucket(client, bucket)) !== 'exists') return 'taken';
  }
  await protectBucket(client, bucket);
  return 'created';
}

/** The SDK lists the regions that it knows; a newer one is as good. */
function constraint(region: string): BucketLocationConstraint {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return region as BucketLocationConstraint;
}

async function protectBucket(client: S3Client, bucket: string): Promise<void> {
  await client.send(
    new PutPublicAccessBlockCommand({
      Bucket: bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  await client.send(
    new PutBucketEncryptionCommand({
      Bucket: bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    }),
  );
  await client.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    }),
  );
  await client.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: bucket,
      LifecycleConfiguration: {
        Rules: [
          {
            ID: 'unfinished-uploads',
            Status: 'Enabled',
            Filter: { Prefix: '' },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
          // Functions stay: CloudFormation needs the old code to go back to it.
          { ID: 'templates', Status: 'Enabled', Filter: { Prefix: 'templates/' }, Expiration: { Days: 30 } },
        ],
      },
    }),
  );
}

async function listObjects(
  client: S3Client,
  bucket: string,
  { most = Number.POSITIVE_INFINITY }: Parameters<Objects['list']>[1] = {},
): Promise<readonly StoredObject[]> {
  const found: StoredObject[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        MaxKeys: Math.min(most - found.length, mostKeysPerCall),
        ContinuationToken: token,
      }),
    );
    for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
      found.push({ key: Key, bytes: Size, etag: ETag.replaceAll('"', '') });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined && found.length < most);
  return found;
}

/** All versions of all objects and the marks of removed ones, page by page; none for a bucket that is not there. */
async function* versionsOf(client: S3Client, bucket: string): AsyncGenerator<readonly ObjectIdentifier[]> {
  let marker: { readonly KeyMarker?: string | undefined; readonly VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const command = new ListObjectVersionsCommand({ Bucket: bucket, ...marker });
    const page = await client.send(command).catch(statusIs(404, undefined));
    const versions = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    yield versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (page?.IsTruncated !== true) return;
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

/** `DeleteObjects` answers 200 and says for each object why it is still there. */
function removalFailure(
  {
    Code = 'Error',
    Message = '',
    Key,
  }: { Code?: string | undefined; Message?: string | undefined; Key?: string | undefined },
  { config }: Connection,
): unknown {
  const status = Code === 'AccessDenied' ? 403 : Code === 'InternalError' ? 500 : 400;
  const error = Object.assign(new Error(`${Key}: ${Message}`), { name: Code, $metadata: { httpStatusCode: status } });
  return awsFailure(error, {
    service: 'S3',
    operation: 'DeleteObjects',
    region: config.region,
    profile: config.profile,
  });
}
