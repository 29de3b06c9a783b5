import {
  CreateBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
const bucket = 'own.files';

const files = {
  'app.arc': `@app\nown\n@http\nget /\n@static\nstaging ${bucket}\nprefix chat\nprune true\n`,
  'src/http/get-index/index.js':
    'exports.handler = async () => ({ statusCode: 200, body: process.env.ARC_STATIC_BUCKET })',
  'public/app.js': 'app',
};

describe.skipIf(missing !== undefined)(`static files in a bucket of one's own, on AWS${reason}`, () => {
  let project: AwsProject;
  let client: S3Client;
  const keys = async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key }) => Key);
  };
  const buckets = async () => {
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    return Buckets.map(({ Name }) => Name).filter((name) => name?.includes('deployments') === false);
  };

  beforeAll(async () => {
    project = await openAwsProject({ files });
    client = new S3Client({ ...project.emulator.client, forcePathStyle: true });
  });
  afterAll(async () => {
    client?.destroy();
    await project?.[Symbol.asyncDispose]();
  });

  test('one that is not there is said before anything is changed', { timeout: 60_000 }, async () => {
    for (const line of ['deploy', 'deploy --static']) {
      // oxlint-disable-next-line no-await-in-loop -- one command after the other
      const { exitCode, errors } = await project.quickArc(line);
      expect(exitCode).toBe(1);
      expect(errors).toContain(
        `STATIC_BUCKET_UNUSABLE  There is no bucket ${bucket}, which "staging" below @static names.`,
      );
    }
    expect((await project.quickArc('info')).errors).toContain('STACK_MISSING');
  });

  test('is used as it is, and stays', { timeout: 120_000 }, async () => {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    for (const Key of ['other.txt', 'chat/gone.txt']) {
      // oxlint-disable-next-line no-await-in-loop
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    }
    const { exitCode, output, errors } = await project.quickArc('deploy');
    expect([exitCode, errors]).toEqual([0, '']);
    expect(await buckets()).toEqual([bucket]);
    expect(await keys()).toEqual(['chat/app.js', 'other.txt']);
    const apiId = /https:\/\/(\w+)\./.exec(output)?.[1] ?? '';
    const ask = async (path: string) => (await fetch(project.emulator.httpUrl(apiId, path))).text();
    expect(await ask('/')).toBe(bucket);
    expect(await ask('/_static/app.js')).toBe('app');

    expect(await project.quickArc('destroy --app own --force --now')).toMatchObject({ exitCode: 0, errors: '' });
    expect(await keys()).toEqual(['chat/app.js', 'other.txt']);
  });
});
