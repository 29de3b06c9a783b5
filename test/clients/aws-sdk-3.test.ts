import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../support/connection.ts';
import { credentials, keys, openClientApp, region, type ClientApp } from './client-app.ts';
import { describeManagement } from './describe-management.ts';
import { codeOfGuide } from './guide.ts';
import { openCaller, quietEnv } from './open-caller.ts';
import { callerOf } from './sdk-3.ts';

let app: ClientApp;
beforeAll(async () => {
  app = await openClientApp({
    handlers: { guide: codeOfGuide('javascript', 'require(') },
    handlerFiles: { sdk: 'sdk-3.ts' },
    packages: { '@aws-sdk': '@aws-sdk' },
  });
});
afterAll(() => app[Symbol.asyncDispose]());

const outsideEnv = () => ({ AWS_REGION: region, NODE_EXTRA_CA_CERTS: app.authorityFile, ...keys });

describe.for([
  { what: 'https', endpoint: 'https://{domainName}/{stage}' },
  { what: 'http', endpoint: 'http://{domainName}/{stage}' },
  { what: 'a slash at the end', endpoint: 'https://{domainName}/{stage}/' },
  { what: 'no endpoint', endpoint: undefined },
])('in a handler, $what', ({ endpoint }) => {
  describeManagement({ app: () => app, open: () => app.callerInHandler('sdk', endpoint) });
});

test('handlers with it have left nothing undone', () => {
  expect(app.troubles()).toEqual([]);
});

describe.for(['https', 'http'])('outside, %s', (protocol) => {
  describeManagement({
    app: () => app,
    open: () => openCaller('sdk-3', { ...outsideEnv(), ENDPOINT: `${protocol}://${app.host}/testing` }),
  });
});

describe('outside, no endpoint', () => {
  describeManagement({
    app: () => app,
    open: () =>
      openCaller('sdk-3', {
        ...outsideEnv(),
        AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `https://${app.host}/testing`,
      }),
  });
});

describe('the guide', () => {
  test('in a handler', async () => {
    await using connection = await openConnection(app.webSocketUrl);
    const message = { action: 'guide', text: 'hello' };
    expect(await connection.ask(message)).toEqual(message);
  });

  test.for(['https', 'http'])('outside, %s', async (protocol) => {
    await using target = await app.openTarget();
    await writeFile(join(app.folder, 'send.mjs'), codeOfGuide('javascript', 'process.argv'));
    const args = ['send.mjs', `${protocol}://${app.host}/testing`, target.id, 'hello'];
    await promisify(execFile)(process.execPath, args, { cwd: app.folder, env: quietEnv({ ...outsideEnv() }) });
    expect(await target.next()).toBe('hello');
  });
});

test('one TCP connection is enough for calls one after the other', async () => {
  await using target = await app.openTarget();
  const call = callerOf({ endpoint: `http://${app.host}/testing`, region, credentials });
  let connections = 0;
  const count = () => void (connections += 1);
  subscribe('net.client.socket', count);
  const texts = Array.from({ length: 20 }, (_, index) => `number ${index}`);
  for (const data of texts) await call([{ type: 'post', id: target.id, data }]);
  unsubscribe('net.client.socket', count);
  expect(connections).toBe(1);
  const arrived: unknown[] = [];
  while (arrived.length < texts.length) arrived.push(await target.next());
  expect(arrived).toEqual(texts);
});

test('keys that the sandbox does not know are refused by --strict', async () => {
  const stranger = { accessKeyId: 'AKIDSTRANGER', secretAccessKey: 'guessed' };
  const call = callerOf({ endpoint: `http://${app.host}/testing`, region, credentials: stranger });
  expect(await call([{ type: 'post', id: 'AAAAAAAAAAAAAAA=', data: 'x' }])).toEqual([
    {
      type: 'failed',
      name: 'UnrecognizedClientException',
      statusCode: 403,
      message: 'The security token included in the request is invalid.',
    },
  ]);
});
