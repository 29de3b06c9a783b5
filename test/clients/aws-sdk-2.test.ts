import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keys, openClientApp, region, type ClientApp } from './client-app.ts';
import { describeManagement } from './describe-management.ts';
import { openCaller } from './open-caller.ts';

let app: ClientApp;
beforeAll(async () => {
  app = await openClientApp({
    handlerFiles: { sdk: 'sdk-2.ts' },
    packages: { 'aws-sdk': 'aws-sdk' },
  });
});
afterAll(() => app[Symbol.asyncDispose]());

describe.for([
  { what: 'https', endpoint: 'https://{domainName}/{stage}' },
  { what: 'http', endpoint: 'http://{domainName}/{stage}' },
])('in a handler, $what', ({ endpoint }) => {
  describeManagement({ app: () => app, open: () => app.callerInHandler('sdk', endpoint) });
});

test('handlers with it have left nothing undone', () => {
  expect(app.troubles()).toEqual([]);
});

describe.for(['https', 'http'])('outside, %s', (protocol) => {
  describeManagement({
    app: () => app,
    open: () =>
      openCaller('sdk-2', {
        AWS_REGION: region,
        NODE_EXTRA_CA_CERTS: app.authorityFile,
        ...keys,
        ENDPOINT: `${protocol}://${app.host}/testing`,
      }),
  });
});
