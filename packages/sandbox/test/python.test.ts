import { existsSync } from 'node:fs';
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openConnection, refusedStatus } from '../../../test/support/connection.ts';
import { openApp, type AppOptions } from './open-app.ts';

/** A Python that has awslambdaric and boto3; CONTRIBUTING.md says how to make it. */
const venv = join(import.meta.dirname, '..', '..', '..', '.cache', 'aws', 'venv');
const versions = await readdir(join(venv, 'lib')).catch(() => []);
const hasClient = versions.some((version) => existsSync(join(venv, 'lib', version, 'site-packages', 'awslambdaric')));
const reason = hasClient ? '' : ' (skipped: no awslambdaric in .cache/aws/venv, see CONTRIBUTING.md)';

const manifest = '@app\ntestapp\n@ws\n@http\nget /\n@aws\nruntime python3.13\ntimeout 2\n';

/** As it stands in a tutorial for AWS. */
const main = (word: string) => `import json
import os
import sys
import boto3

management = boto3.client('apigatewaymanagementapi')

def handler(event, context):
    connection = event['requestContext']['connectionId']
    message = json.loads(event['body'])
    how = message.get('how')
    if how == 'raise':
        raise RuntimeError('told to')
    if how == 'exit':
        sys.exit(1)
    if how == 'loop':
        print('loops')
        while True:
            pass
    if how == 'gone':
        try:
            management.post_to_connection(ConnectionId='AAAAAAAAAAAAAAA=', Data=b'')
        except management.exceptions.GoneException:
            message = 'gone'
    print('got', message)
    management.post_to_connection(ConnectionId=connection, Data=json.dumps({'${word}': message}))
    return {'statusCode': 200}
`;

const files = {
  'app.arc': manifest,
  'src/ws/connect/index.py': `def handler(event, context):
    query = event.get('queryStringParameters') or {}
    return {'statusCode': 403 if query.get('token') == 'bad' else 200}
`,
  'src/ws/disconnect/index.py': `def handler(event, context):
    print('left', event['requestContext']['connectionId'])
`,
  'src/ws/default/index.py': main('echo'),
  'src/http/get-index/index.py': `def handler(event, context):
    return {'statusCode': 200, 'headers': {'content-type': 'text/plain'}, 'body': event['rawPath']}
`,
};

async function openPythonApp(more: Readonly<Record<string, string>> = {}, options: AppOptions = {}) {
  const app = await openApp({ ...files, ...more }, options);
  await symlink(venv, app.path('.venv'));
  await app.sandbox.built;
  return app;
}

const errorFrame = {
  message: 'Internal server error',
  connectionId: expect.any(String),
  requestId: expect.any(String),
};

test.runIf(hasClient)(`an app in Python, unmodified${reason}`, { timeout: 60_000 }, async () => {
  await using app = await openPythonApp({}, { isWatching: true });
  const output = () =>
    app.events.flatMap((event) => (event.type === 'output' ? [`${event.functionName}: ${event.text}`] : [])).join('');
  await app.sandbox.watching;
  expect(await refusedStatus(`${app.url}?token=bad`)).toBe(403);
  await using connection = await openConnection(app.url);

  expect(await connection.ask({ a: 'ü' })).toEqual({ echo: { a: 'ü' } });
  await expect.poll(output).toContain(`ws/default: got {'a': 'ü'}\n`);
  expect(await connection.ask({ how: 'gone' })).toEqual({ echo: 'gone' });
  for (const how of ['raise', 'exit', 'loop']) {
    // oxlint-disable-next-line no-await-in-loop -- one environment after the other
    expect(await connection.ask({ how })).toEqual(errorFrame);
    // oxlint-disable-next-line no-await-in-loop
    expect(await connection.ask({ after: how })).toEqual({ echo: { after: how } });
  }
  const failures = app.events.flatMap((event) => ('failure' in event && event.failure ? [event.failure] : []));
  expect(failures).toMatchObject([
    {
      errorType: 'RuntimeError',
      errorMessage: 'told to',
      trace: expect.arrayContaining([expect.stringContaining('index.py')]),
    },
    { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 1') },
    { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('Task timed out after 2.00 seconds') },
  ]);

  await app.save('src/ws/default/index.py', main('news'));
  await expect.poll(() => connection.ask({ b: 1 }), { timeout: 10_000 }).toEqual({ news: { b: 1 } });
  expect(connection.isOpen).toBe(true);
  expect(await (await fetch(app.sandbox.url)).text()).toBe('/');

  await connection.close();
  await expect.poll(output).toMatch(/ws\/disconnect: left \S+\n/);
});

test.runIf(hasClient).for([
  { why: 'of the event', url: `'https://' + context['domainName'] + '/' + context['stage']` },
  { why: 'of ARC_WSS_URL', url: `os.environ['ARC_WSS_URL'].replace('ws', 'http', 1)` },
])(`a client of boto3 with the address $why${reason}`, async ({ url }) => {
  await using app = await openPythonApp({
    'src/ws/default/index.py': `import os
import boto3
def handler(event, context):
    context = event['requestContext']
    management = boto3.client('apigatewaymanagementapi', endpoint_url=${url})
    management.post_to_connection(ConnectionId=context['connectionId'], Data=event['body'])
    return {'statusCode': 200}
`,
  });
  await using connection = await openConnection(app.url);
  expect(await connection.ask('hello')).toBe('hello');
});

test.runIf(hasClient)(`boto3 reads the parameters of the app${reason}`, async () => {
  await using app = await openPythonApp({
    'src/ws/default/index.py': `import json, os
import boto3
def handler(event, context):
    stack = os.environ['AWS_CLOUDFORMATION']
    value = boto3.client('ssm').get_parameter(Name='/' + stack + '/ws/wss')['Parameter']['Value']
    boto3.client('apigatewaymanagementapi').post_to_connection(
        ConnectionId=event['requestContext']['connectionId'], Data=json.dumps(value == os.environ['ARC_WSS_URL']))
    return {'statusCode': 200}
`,
  });
  await using connection = await openConnection(app.url);
  expect(await connection.ask('hello')).toBe(true);
});
