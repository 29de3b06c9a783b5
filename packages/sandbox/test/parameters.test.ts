import { describe, expect, test } from 'vitest';
import { openConnection } from '../../../test/support/connection.ts';
import { openApp } from './open-app.ts';

/** Runs the call that the message names with the input that it brings, and answers with what came of it. */
const sdkHandler = `
const { SSMClient, ...ssm } = require('@aws-sdk/client-ssm');
const arc = require('@architect/functions');
const client = new SSMClient({});
exports.handler = async (event) => {
  const { call, input } = JSON.parse(event.body);
  const payload = await client.send(new ssm[call + 'Command'](input)).then(
    ({ $metadata, ...output }) => output,
    ({ name, message, $metadata }) => ({ name, message, status: $metadata.httpStatusCode }),
  );
  await arc.ws.send({ id: event.requestContext.connectionId, payload });
  return { statusCode: 200 };
};`;

const own = Object.fromEntries(
  Array.from({ length: 21 }, (_, index) => [`many/p${String(index).padStart(2, '0')}`, 'x']),
);

describe('the AWS SDK finds the local parameter store', () => {
  test('reads, turns pages and is refused as on AWS', async () => {
    await using app = await openApp(
      {
        'src/ws/default/index.js': sdkHandler,
        '.parameters.json': JSON.stringify({ 'stripe/key': 'sk_test', 'ws/wss': 'mine', 'no name': 'x', ...own }),
      },
      { packages: { '@aws-sdk/client-ssm': '@aws-sdk/client-ssm' }, flags: { isStrict: true } },
    );
    await using connection = await openConnection(app.url);
    const ask = (call: string, input: object) => connection.ask({ call, input });

    expect(await ask('GetParameter', { Name: '/TestappTesting/stripe/key', WithDecryption: true })).toMatchObject({
      Parameter: { Name: '/TestappTesting/stripe/key', Value: 'sk_test', Type: 'String', Version: 1 },
    });
    // What the app would have on AWS is not taken over.
    expect(await ask('GetParameter', { Name: '/TestappTesting/ws/wss:1' })).toMatchObject({
      Parameter: { Value: app.url, Selector: ':1', LastModifiedDate: expect.stringMatching(/^20/) },
    });
    expect(await ask('GetParameters', { Names: ['/TestappTesting/ws/https', '/nope'] })).toMatchObject({
      InvalidParameters: ['/nope'],
      Parameters: [{ Value: `${app.sandbox.url}/testing/@connections` }],
    });
    expect(await ask('GetParameter', { Name: '/nope' })).toEqual({
      name: 'ParameterNotFound',
      message: 'UnknownError',
      status: 400,
    });
    expect(await ask('GetParameters', { Names: Array.from({ length: 11 }, () => '/x') })).toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/at 'names' failed to satisfy constraint: Member must have length less than or/),
    });
    expect(await ask('PutParameter', { Name: '/x', Value: 'y', Type: 'String' })).toMatchObject({
      name: 'AccessDeniedException',
    });

    const pages: number[] = [];
    let token: string | undefined;
    do {
      const input = { Path: '/TestappTesting/many', NextToken: token, MaxResults: 9 };
      // oxlint-disable-next-line no-await-in-loop -- a page names the next one
      const page = (await ask('GetParametersByPath', input)) as { Parameters: unknown[]; NextToken?: string };
      pages.push(page.Parameters.length);
      token = page.NextToken;
    } while (token !== undefined);
    expect(pages).toEqual([9, 9, 3]);

    expect(app.events.filter(({ type }) => type === 'environmentFault')).toMatchObject([
      { file: '.parameters.json', text: 'no name' },
    ]);
    expect(app.events.filter(({ type }) => type === 'leftBehind' || type === 'refused')).toEqual([]);
  });
});

const serviceHandler = `
const arc = require('@architect/functions');
exports.handler = async (event) => {
  const { word, many } = await arc.services();
  await arc.ws.send({ id: event.requestContext.connectionId, payload: { word, many } });
  return { statusCode: 200 };
};`;

test('a save of .parameters.json reaches handlers that have read it, and keeps connections', async () => {
  await using app = await openApp(
    { 'src/ws/default/index.js': serviceHandler, '.parameters.json': '{ "word": "old" }' },
    { isWatching: true },
  );
  await using connection = await openConnection(app.url);
  await app.sandbox.watching;
  expect(await connection.ask('x')).toMatchObject({ word: 'old' });
  await app.save('.parameters.json', '{ "word": "new" }');
  // A write is seen in parts on a busy machine.
  await expect.poll(() => connection.ask('x')).toMatchObject({ word: 'new' });
  expect(app.events.filter(({ type }) => type === 'environmentChanged')).toContainEqual(
    expect.objectContaining({ file: '.parameters.json' }),
  );
});

// Architect's fails where a name has no second part below the stack.
test.for([
  { library: 'ours', packages: {} },
  { library: 'Architect’s 8', packages: { '@architect/functions': 'architect-functions' } },
  { library: 'Architect’s 5', packages: { '@architect/functions': 'architect-functions-5' } },
])('arc.services() of $library turns pages', async ({ packages }) => {
  await using app = await openApp(
    { 'src/ws/default/index.js': serviceHandler, '.parameters.json': JSON.stringify({ 'word/now': 'w', ...own }) },
    { packages, flags: { isStrict: true } },
  );
  await using connection = await openConnection(app.url);
  const many = Object.fromEntries(Object.keys(own).map((name) => [name.slice('many/'.length), 'x']));
  expect(await connection.ask('x')).toEqual({ word: { now: 'w' }, many });
  expect(app.events.filter(({ type }) => type === 'leftBehind')).toEqual([]);
});
