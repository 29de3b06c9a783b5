import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../support/connection.ts';
import { credentials, openClientApp, region, type ClientApp } from './client-app.ts';
import { strangerId } from './describe-management.ts';

/** Answers each message by the call of the library that it names. */
const handler = `let arc = require('@architect/functions')
exports.handler = async function ws(event) {
  let id = event.requestContext.connectionId
  let { call, to = id } = JSON.parse(event.body)
  let payload = { text: 'häuser 🏠', list: [1, null] }
  let called = (begin) => new Promise((done, fail) => begin((error, value) => error ? fail(error) : done(value)))
  let calls = {
    which: async () => String(arc.ws.send),
    send: () => arc.ws.send({ id: to, payload }),
    sendCalledBack: () => called((callback) => arc.ws.send({ id: to, payload }, callback)),
    info: () => arc.ws.info({ id: to }),
    close: () => arc.ws.close({ id: to }),
    services: () => arc.services(),
  }
  let failed = ({ name, statusCode, $metadata }) => ({ name, statusCode: statusCode ?? $metadata.httpStatusCode })
  let answer = await calls[call]().catch(failed)
  if (call !== 'close' || to !== id) await arc.ws.send({ id, payload: { answer } })
  return { statusCode: 200 }
}`;

const gone = { name: 'GoneException', statusCode: 410 };

const require = createRequire(import.meta.url);
const versions = [
  { version: '8.1.10', manifest: require.resolve('architect-functions/package.json') },
  { version: '7.0.0', manifest: require.resolve('architect-functions-7/package.json') },
  { version: '5.4.1', manifest: require.resolve('architect-functions-5/package.json') },
];

describe.for(
  versions.flatMap((one) => [
    { ...one, isStrict: false },
    { ...one, isStrict: true },
  ]),
)('@architect/functions $version, strict: $isStrict', ({ version, manifest, isStrict }) => {
  let app: ClientApp;
  beforeAll(async () => {
    app = await openClientApp({
      handlers: { default: handler },
      packages: { '@architect/functions': basename(dirname(manifest)) },
      isStrict,
    });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  test('it is the one that the app runs with', async () => {
    expect(JSON.parse(await readFile(manifest, 'utf8'))).toMatchObject({ name: '@architect/functions', version });
    await using caller = await openConnection(app.webSocketUrl);
    // Furrow's own is written otherwise.
    expect(await caller.ask({ call: 'which' })).toEqual({ answer: expect.stringContaining('instantiateAPI') });
  });

  test.for(['send', 'sendCalledBack'])('ws.%s', async (call) => {
    await using caller = await openConnection(app.webSocketUrl);
    await using target = await app.openTarget();
    await caller.ask({ call, to: target.id });
    expect(await target.next()).toEqual({ text: 'häuser 🏠', list: [1, null] });
    expect(await caller.ask({ call, to: strangerId })).toEqual({ answer: gone });
  });

  test('ws.info', async () => {
    await using caller = await openConnection(app.webSocketUrl);
    await using target = await app.openTarget();
    const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/);
    const info = { ConnectedAt: date, LastActiveAt: date };
    expect(await caller.ask({ call: 'info', to: target.id })).toMatchObject({ answer: info });
    expect(await caller.ask({ call: 'info', to: strangerId })).toEqual({ answer: gone });
  });

  test('ws.close', async () => {
    await using caller = await openConnection(app.webSocketUrl);
    await using target = await app.openTarget();
    await caller.ask({ call: 'close', to: target.id });
    expect(await target.closed).toBe(1000);
    expect(await caller.ask({ call: 'close', to: target.id })).toEqual({ answer: gone });
    caller.send({ call: 'close' });
    expect(await caller.closed).toBe(1000);
  });

  test('services', async () => {
    await using caller = await openConnection(app.webSocketUrl);
    expect(await caller.ask({ call: 'services' })).toMatchObject({
      answer: { ws: { https: `${app.sandbox.url}/testing/@connections`, wss: app.webSocketUrl } },
    });
  });

  test('its address of the parameter store, asked with the SDK', async () => {
    const client = new SSMClient({ endpoint: `${app.sandbox.url}/_arc/ssm`, region, credentials });
    const { Parameters = [] } = await client.send(
      new GetParametersByPathCommand({ Path: '/TestappTesting/ws', Recursive: true }),
    );
    expect(Parameters.map(({ Name, Value }) => ({ Name, Value }))).toEqual([
      { Name: '/TestappTesting/ws/https', Value: `${app.sandbox.url}/testing/@connections` },
      { Name: '/TestappTesting/ws/wss', Value: app.webSocketUrl },
    ]);
    expect(Parameters[0]?.LastModifiedDate).toBeInstanceOf(Date);
  });

  test('nothing was refused, failed or left undone', () => {
    expect(app.troubles()).toEqual([]);
  });
});
