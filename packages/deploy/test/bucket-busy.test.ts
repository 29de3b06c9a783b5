import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerOf } from '../../../test/aws/answers.ts';
import { environmentFor } from '../../../test/aws/emulator.ts';
import { clientConfig } from '../src/aws/client-config.ts';
import { openS3 } from '../src/aws/s3.ts';

const busy = answerOf('S3', {
  status: 409,
  code: 'OperationAborted',
  message: 'A conflicting conditional operation is currently in progress against this resource. Please try again.',
});

/** An S3 that has just removed a bucket of this name. */
const server = createServer((request, response) => {
  request.resume().once('end', () => {
    const isCreation = /^\/bucket\/?$/.test(request.url ?? '');
    if (!isCreation) return void response.writeHead(200).end();
    tries += 1;
    if (tries <= busyTries) return void response.writeHead(busy.status, busy.headers).end(busy.body);
    response.writeHead(200).end();
  });
});
let tries = 0;
let busyTries = 0;
let s3: ReturnType<typeof openS3>;

beforeEach(async () => {
  tries = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const env = environmentFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const config = clientConfig({ region: 'us-west-2', profile: undefined, env, appName: 'furrow' }, 'S3');
  s3 = openS3({ config, onCall() {} }, { attempts: 3, waitMs: 1 });
});

afterEach(async () => {
  s3[Symbol.dispose]();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

test('a bucket that was removed a moment ago is made when S3 is done with it', async () => {
  busyTries = 2;
  expect(await s3.createBucket('bucket')).toBe('created');
  expect(tries).toBe(3);
});

test('when S3 takes longer, that is said', async () => {
  busyTries = 99;
  await expect(s3.createBucket('bucket')).rejects.toMatchObject({
    code: 'BUCKET_BUSY',
    message: 'The deploy bucket bucket was removed a moment ago, and S3 is not done with it.',
  });
  expect(tries).toBe(3);
});
