// Copied into the app of these tests, whose function it is; what it imports here besides packages is types.
import type { WsMessageEvent } from '@furrow/protocol';
import AWS from 'aws-sdk';
import type { Answer, Call, Caller, CallMessage } from './management-calls.ts';

/** A caller with one client. */
export function callerOf(config: AWS.ApiGatewayManagementApi.ClientConfiguration): Caller {
  const client = new AWS.ApiGatewayManagementApi(config);
  return (calls) => Promise.all(calls.map((call) => answerTo(client, call)));
}

async function answerTo(client: AWS.ApiGatewayManagementApi, call: Call): Promise<Answer> {
  try {
    return await makeCall(client, call);
  } catch (error) {
    const { code, statusCode, message } = error as AWS.AWSError;
    return { type: 'failed', name: code, statusCode, message };
  }
}

async function makeCall(client: AWS.ApiGatewayManagementApi, call: Call): Promise<Answer> {
  const ConnectionId = call.id;
  if (call.type === 'get') {
    const { ConnectedAt, LastActiveAt, Identity } = await client.getConnection({ ConnectionId }).promise();
    return {
      type: 'info',
      connectedAt: ConnectedAt?.toISOString(),
      lastActiveAt: LastActiveAt?.toISOString(),
      identity: Identity,
    };
  }
  const Data = (call.data ?? '').repeat(call.times ?? 1);
  const { $response } =
    call.type === 'post'
      ? await client.postToConnection({ ConnectionId, Data }).promise()
      : await client.deleteConnection({ ConnectionId }).promise();
  return { type: 'done', statusCode: $response.httpResponse.statusCode };
}

export async function handler(event: WsMessageEvent): Promise<unknown> {
  const { domainName, stage, connectionId } = event.requestContext;
  const { endpoint, calls } = JSON.parse(event.body) as CallMessage;
  const caller = callerOf(
    endpoint === undefined ? {} : { endpoint: endpoint.replace('{domainName}', domainName).replace('{stage}', stage) },
  );
  const answers = await caller(calls);
  await caller([{ type: 'post', id: connectionId, data: JSON.stringify(answers) }]);
  return { statusCode: 200 };
}
