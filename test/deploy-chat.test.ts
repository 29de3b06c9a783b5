import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { joinAs, patience } from '../examples/chat/test/member.ts';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';
import { openSecureFront } from './aws/secure-front.ts';
import { openBrowser } from './support/browser.ts';
import { refusedStatus } from './support/connection.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

const twoHoursSeconds = 2 * 60 * 60;
/** Three items with this in them are more than one page of a scan. */
const heavy = 'x'.repeat(380_000);

describe.skipIf(missing !== undefined)(`examples/chat on AWS${reason}`, () => {
  let project: AwsProject;
  let table: DynamoDBDocument;
  let tableName: string;
  let pageUrl: string;
  let socketUrl: string;

  const client = () => project.emulator.client;
  const fromApi = (path: string, init: RequestInit = {}) =>
    fetch(project.emulator.httpUrl(apiIdOf(pageUrl), path), init);
  const openMember = async (name: string) => joinAs(await project.emulator.connect(socketUrl), name);
  const rows = async () => (await table.scan({ TableName: tableName, ConsistentRead: true })).Items ?? [];
  const names = async () => (await rows()).map(({ name }) => String(name)).toSorted();

  beforeAll(async () => {
    project = await openAwsProject({ example: 'chat' }, { withSdk: true });
    const { exitCode, output, errors } = await project.arc('deploy');
    if (exitCode !== 0 || errors !== '') throw new Error(`The chat is not deployed.\n${output}${errors}`);
    pageUrl = /https:\S+/.exec(output)?.[0] ?? '';
    socketUrl = /wss:\S+/.exec(output)?.[0] ?? '';
    const parameters = new SSMClient(client());
    const found = await parameters.send(new GetParameterCommand({ Name: '/ChatStaging/tables/connections' }));
    parameters.destroy();
    tableName = found.Parameter?.Value ?? '';
    table = DynamoDBDocument.from(new DynamoDBClient(client()));
  }, 120_000);
  // Who has gone is off the list before the next one comes.
  afterEach(() => vi.waitUntil(async () => (await rows()).length === 0, patience));
  afterAll(async () => {
    table?.destroy();
    await project?.[Symbol.asyncDispose]();
  });

  test('the zips hold the app and not the SDK', async () => {
    const lambda = new LambdaClient(client());
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand());
    lambda.destroy();
    expect(Functions).toHaveLength(6);
    for (const { FunctionName, CodeSize = 0 } of Functions) expect(CodeSize, FunctionName).toBeLessThan(40_000);
  });

  test('what has expired leaves the table by itself', async () => {
    // The emulator keeps it, so what AWS is asked for is looked at.
    const cloud = new CloudFormationClient(client());
    const { TemplateBody = '' } = await cloud.send(new GetTemplateCommand({ StackName: 'ChatStaging' }));
    cloud.destroy();
    expect(JSON.parse(TemplateBody).Resources.ConnectionsTable.Properties).toMatchObject({
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    });
  });

  test('the page and its files come through the HTTP API', async () => {
    const page = await fromApi('/');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf8']);
    expect(await page.text()).toContain(`window.WS_URL = ${JSON.stringify(socketUrl)}`);

    const script = await fromApi('/_static/chat.mjs');
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(await script.text()).toBe(await project.folder.read('public/chat.mjs'));
    const etag = script.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    const known = await fromApi('/_static/chat.mjs', { headers: { 'if-none-match': etag } });
    expect([known.status, await known.text()]).toEqual([304, '']);
  });

  test('everyone sees who is here, and every line; the table holds those who are', async () => {
    await using ann = await openMember('Ann');
    await using ben = await openMember('Ben');
    await expect.poll(() => sorted(ann.people()), patience).toEqual(['Ann', 'Ben']);
    await expect.poll(() => sorted(ben.people()), patience).toEqual(['Ann', 'Ben']);
    expect(await names()).toEqual(['Ann', 'Ben']);
    for (const { joinedAt, expires } of await rows()) {
      expect(expires - joinedAt / 1000).toBeGreaterThan(twoHoursSeconds);
      expect(expires - joinedAt / 1000).toBeLessThan(twoHoursSeconds * 1.25);
    }

    ben.send({ text: '  hello  ' });
    const line = { type: 'line', from: 'Ben', text: 'hello', at: expect.any(Number) };
    for (const { last } of [ann, ben]) await expect.poll(() => last('line'), patience).toEqual(line);

    ben.send({ action: 'join', name: 'Benjamin' });
    await expect.poll(() => sorted(ann.people()), patience).toEqual(['Ann', 'Benjamin']);
    expect(await names()).toEqual(['Ann', 'Benjamin']);

    await ben.close();
    await expect.poll(ann.people, patience).toEqual(['Ann']);
    expect(await names()).toEqual(['Ann']);
  });

  test('a line reaches everyone, on however many pages of the table they are', async () => {
    await using ann = await openMember('Ann');
    await using ben = await openMember('Ben');
    await using cara = await openMember('Cara');
    for (const item of await rows()) await table.put({ TableName: tableName, Item: { ...item, note: heavy } });
    expect((await rows()).length).toBeLessThan(3);
    ann.send({ text: 'hello' });
    for (const { last } of [ann, ben, cara]) await expect.poll(() => last('line')?.['text'], patience).toBe('hello');
  });

  test('an item whose connection is gone is forgotten, and the list is right', async () => {
    await table.put({ TableName: tableName, Item: { id: 'AAAAAAAAAAAAAAA=', name: 'Ghost', joinedAt: 1 } });
    await using ann = await openMember('Ann');
    await expect.poll(ann.people, patience).toEqual(['Ann']);
    expect(await names()).toEqual(['Ann']);
  });

  test('a page of another site is refused', async () => {
    const direct = project.emulator.url.replace('http:', 'ws:');
    const path = `/_aws/execute-api/${apiIdOf(socketUrl)}/staging`;
    expect(await refusedStatus(direct + path, { origin: 'https://elsewhere.example' })).toBe(403);
  });

  test('the page, in Chromium, at the addresses that the deploy has printed', async (context) => {
    await using front = await openSecureFront(project.emulator);
    await using browser = await openBrowser(context, front.browserFlags);
    const faults: string[] = [];
    await using ben = await openMember('Ben');
    const page = await browser.newPage({ viewport: { width: 480, height: 640 } });
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(pageUrl);
    await page.locator('#status').getByText('The socket is open').waitFor();
    await nameItself(page, 'Ann');
    await expect.poll(() => sorted(ben.people()), patience).toEqual(['Ann', 'Ben']);

    await say(page, 'Good morning from a page on AWS');
    await page.locator('#lines li', { hasText: 'Good morning from a page on AWS' }).waitFor();
    await expect.poll(() => ben.last('line')?.['from'], patience).toBe('Ann');
    ben.send({ text: 'Good morning, page' });
    await page.locator('#lines li', { hasText: 'Good morning, page' }).waitFor();
    expect(sorted(await page.locator('#people li').allTextContents())).toEqual(['Ann', 'Ben']);
    await page.close();
    await expect.poll(ben.people, patience).toEqual(['Ben']);
    expect(faults).toEqual([]);
  });
});

/** `abc123` of `https://abc123.execute-api.us-west-2.amazonaws.com` */
function apiIdOf(url: string): string {
  return new URL(url).hostname.split('.')[0] ?? '';
}

async function nameItself(page: Page, name: string): Promise<void> {
  await page.fill('#name', name);
  await page.locator('#name').blur();
}

async function say(page: Page, text: string): Promise<void> {
  await page.fill('#text', text);
  await page.press('#text', 'Enter');
}

/** The emulator says that everyone came just now, whenever they did. */
function sorted(people: unknown): readonly string[] {
  return [people].flat().map(String).toSorted();
}
