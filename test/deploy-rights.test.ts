import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';
import type { Connection } from './support/connection.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

/** Tries one thing with the rights that the function has, and says how it went. */
const tries = `let arc = require('@architect/functions')
let { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb')
exports.attempt = async function attempt({ what, table, id }) {
  try {
    if (what === 'send') await arc.ws.send({ id, payload: { pushed: true } })
    if (what === 'put') await new DynamoDBClient().send(new PutItemCommand({ TableName: table, Item: { id: { S: 'one' } } }))
    return 'done'
  } catch (error) {
    return error.name
  }
}
`;
const files = {
  'app.arc': '@app\ntestapp\n@ws\n@http\npost /try\n@static\n@tables\nrooms\n  id *String\n',
  'src/shared/attempt.js': tries,
  'src/ws/connect/index.js': 'exports.handler = async () => ({ statusCode: 200 })\n',
  'src/ws/disconnect/index.js': 'exports.handler = async () => ({ statusCode: 200 })\n',
  'src/ws/default/index.js': `let arc = require('@architect/functions')
let { attempt } = require('../../shared/attempt')
exports.handler = async (event) => {
  let id = event.requestContext.connectionId
  await arc.ws.send({ id, payload: { id, result: await attempt({ ...JSON.parse(event.body), id }) } })
  return { statusCode: 200 }
}
`,
  'src/http/post-try/index.js': `let { attempt } = require('../../shared/attempt')
exports.handler = async (event) => {
  let body = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body
  return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: await attempt(JSON.parse(body)) }
}
`,
  'public/index.mjs': 'export {}\n',
};

/** An AWS that checks rights: deployed functions run under the roles of the template, and may no more than they say. */
describe.skipIf(missing !== undefined)(`what deployed functions may do${reason}`, () => {
  let project: AwsProject;
  let connection: Connection;
  let httpApi: string;
  let table: string;
  const post = async (body: object) =>
    (await fetch(project.emulator.httpUrl(httpApi, '/try'), { method: 'POST', body: JSON.stringify(body) })).text();

  beforeAll(async () => {
    project = await openAwsProject({ files }, { auth: true, withSdk: true });
    const { errors, output } = await project.quickArc('deploy');
    if (errors !== '') throw new Error(errors);
    httpApi = /https:\/\/(\w+)\./.exec(output)?.[1] ?? '';
    connection = await project.emulator.connect(/wss:\S+/.exec(output)?.[0] ?? '');
    table = /rooms {2}(\S+)/.exec((await project.quickArc('info')).output)?.[1] ?? '';
  }, 120_000);
  afterAll(async () => {
    await connection?.close();
    await project?.[Symbol.asyncDispose]();
  });

  test('web socket functions send to their connections', async () => {
    expect(await connection.ask({ what: 'nothing' })).toMatchObject({ result: 'done' });
  });

  test('HTTP functions push to connections, too', async () => {
    const { id } = (await connection.ask({ what: 'nothing' })) as { readonly id: string };
    expect(await post({ what: 'send', id })).toBe('done');
    expect(await connection.next()).toEqual({ pushed: true });
  });

  test('functions write to the tables of the app', async () => {
    expect(await connection.ask({ what: 'put', table })).toMatchObject({ result: 'done' });
    expect(await post({ what: 'put', table })).toBe('done');
  });

  test('and to no other', async () => {
    expect(await post({ what: 'put', table: 'somebody-elses' })).toBe('AccessDeniedException');
  });

  test('nobody reads static files in plain HTTP, which is all that this AWS speaks', async () => {
    // With the bucket's policy out of the way they come; deploy.test.ts has them where rights are not checked.
    expect((await fetch(project.emulator.httpUrl(httpApi, '/_static/index.mjs'))).status).toBe(502);
  });
});
