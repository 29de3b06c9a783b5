import { symlink, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../../test/support/built.ts';
import { openConnection } from '../../../test/support/connection.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openSandbox, sandboxSettings, type SandboxEvent } from '../src/index.ts';

const sdk = '@aws-sdk/client-apigatewaymanagementapi';

/** As AWS's documentation has it. */
const handler = `
const { ApiGatewayManagementApiClient, PostToConnectionCommand, DeleteConnectionCommand } = require('${sdk}')
delete process.env.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI
exports.handler = async ({ body, requestContext: { domainName, stage, connectionId } }) => {
  const client = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` })
  const send = (ConnectionId, Data) => client.send(new PostToConnectionCommand({ ConnectionId, Data }))
  if (body === 'send') await send(connectionId, 'sent')
  if (body === 'gone') {
    const error = await send('AAAAAAAAAAAAAAA=', 'x').catch((thrown) => thrown)
    await send(connectionId, error.name + ' ' + error.$metadata?.httpStatusCode)
  }
  if (body === 'close') await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))
  return { statusCode: 200 }
}`;

async function openApp() {
  const folder = await openTemporaryFolder({
    'app.arc': '@app\ntestapp\n@ws\n',
    'src/ws/default/index.js': handler,
    'src/ws/connect/index.js': 'exports.handler = async () => ({ statusCode: 200 })',
    'src/ws/disconnect/index.js': 'exports.handler = async () => ({ statusCode: 200 })',
  });
  await mkdir(join(folder.path, 'node_modules', '@aws-sdk'), { recursive: true });
  await symlink(join(repository, 'node_modules', sdk), join(folder.path, 'node_modules', sdk), 'junction');
  return folder;
}

test('a handler reaches https://{domainName}/{stage} with the SDK as it does on AWS', async () => {
  await using app = await openApp();
  const events: SandboxEvent[] = [];
  await using sandbox = await openSandbox({
    ...sandboxSettings({ port: '0', isStrict: true }, {}),
    projectDir: app.path,
    env: { PATH: process.env['PATH'], HOME: app.path },
    isWatching: false,
    onEvent: (event) => events.push(event),
  });
  await using connection = await openConnection(sandbox.webSocketUrl ?? '');
  expect(await connection.ask('send')).toBe('sent');
  expect(await connection.ask('gone')).toBe('GoneException 410');
  connection.send('close');
  expect(await connection.closed).toBe(1000);
  expect(events.filter((event) => event.type === 'refused' || ('failure' in event && event.failure))).toEqual([]);
});
