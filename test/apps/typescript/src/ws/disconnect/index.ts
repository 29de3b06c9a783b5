import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { Votes } from '~/shared/votes'

export async function handler(event: APIGatewayProxyWebsocketEventV2): Promise<APIGatewayProxyResultV2> {
  const votes = await Votes.open()
  await votes.gone(event.requestContext.connectionId)
  return { statusCode: 200 }
}
