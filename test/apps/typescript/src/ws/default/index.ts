import arc from '@architect/functions'
import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'

export async function handler({ requestContext }: APIGatewayProxyWebsocketEventV2): Promise<APIGatewayProxyResultV2> {
  await arc.ws.send({ id: requestContext.connectionId, payload: { error: 'vote, please' as const } })
  return { statusCode: 200 }
}
