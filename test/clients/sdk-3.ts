// Copied into the app of these tests, whose function it is; what it imports here besides packages is types.
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
  type ApiGatewayManagementApiClientConfig,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { WsMessageEvent } from '@furrow/protocol';
import type { Answer, Call, Caller, CallMessage } from './management-calls.ts';

/** A caller with one client. */
export function callerOf(config: ApiGatewayManagementApiClientConfig): Caller {
  const client = new ApiGatewayManagementApiClient(config);
  return (calls) => Promise.all(calls.map((call) => answerTo(client, call)));
}

async function answerTo(client: ApiGatewayManagementApiClient, call: Call): Promise<Answer> {
  try {
    return await makeCall(client, call);
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { type: 'failed', name, statusCode: $metadata?.httpStatusCode, message };
  }
}

async function makeCall(client: ApiGatewayManagementApiClient, call: Call): Promise<Answer> {
  const ConnectionId = call.id;
  if (call.type === 'get') {
    const { ConnectedAt, LastActiveAt, Identity } = await client.send(new GetConnectionCommand({ ConnectionId }));
    return {
      type: 'info',
      connectedAt: ConnectedAt?.toISOString(),
      lastActiveAt: LastActiveAt?.toISOString(),
      identity: Identity,
    };
  }
  const Data = (call.data ?? '').repeat(call.times ?? 1);
  const { $metadata } =
    call.type === 'post'
      ? await client.send(new PostToConnectionCommand({ ConnectionId, Data }))
      : await client.send(new DeleteConnectionCommand({ ConnectionId }));
  return { type: 'done', statusCode: $metadata.httpStatusCode ?? 0 };
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
