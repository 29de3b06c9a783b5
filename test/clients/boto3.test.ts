import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keys, openClientApp, region, type ClientApp } from './client-app.ts';
import { describeManagement, strangerId } from './describe-management.ts';
import { codeOfGuide } from './guide.ts';
import { openCaller, python, pythonMissing, quietEnv } from './open-caller.ts';

const missing = pythonMissing();

describe.skipIf(missing !== undefined)(`boto3${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let app: ClientApp;
  beforeAll(async () => {
    app = await openClientApp();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const variable = 'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI';
  describe.for([
    { what: 'https, trusted by AWS_CA_BUNDLE', protocol: 'https', place: 'ENDPOINT', trust: 'AWS_CA_BUNDLE' },
    { what: 'https, trusted by verify', protocol: 'https', place: 'ENDPOINT', trust: 'VERIFY' },
    { what: 'http', protocol: 'http', place: 'ENDPOINT', trust: undefined },
    { what: 'no endpoint_url', protocol: 'https', place: variable, trust: 'AWS_CA_BUNDLE' },
  ])('$what', ({ protocol, place, trust }) => {
    describeManagement({
      app: () => app,
      open: () =>
        openCaller('boto3', {
          AWS_DEFAULT_REGION: region,
          ...keys,
          [place]: `${protocol}://${app.host}/testing`,
          ...(trust !== undefined && { [trust]: app.authorityFile }),
        }),
    });
  });

  describe('the guide', () => {
    let send: (protocol: string, id: string) => Promise<{ readonly stdout: string }>;
    beforeAll(async () => {
      const file = join(app.folder, 'send.py');
      await writeFile(file, codeOfGuide('python', 'post_to_connection'));
      const env = quietEnv({ AWS_CA_BUNDLE: app.authorityFile, ...keys });
      send = (protocol, id) =>
        promisify(execFile)(python, [file, `${protocol}://${app.host}/testing`, id, 'hello'], { env });
    });

    test.for(['https', 'http'])('%s', async (protocol) => {
      await using target = await app.openTarget();
      expect((await send(protocol, target.id)).stdout).toBe('');
      expect(await target.next()).toBe('hello');
      expect((await send(protocol, strangerId)).stdout).toBe('has left\n');
    });
  });
});
