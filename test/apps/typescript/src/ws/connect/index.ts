import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { Votes } from '@architect/shared/votes'

export const handler = async (event: APIGatewayProxyWebsocketEventV2): Promise<APIGatewayProxyResultV2> => {
  const votes = await Votes.open()
  await votes.here(event.requestContext.connectionId)
  return { statusCode: 200 }
}
