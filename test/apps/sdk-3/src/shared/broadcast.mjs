import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { all, remove } from './connections.mjs'

export async function broadcast(endpoint, message) {
  const client = new ApiGatewayManagementApiClient({ endpoint })
  let sent = 0
  for await (const { sk: ConnectionId } of all()) {
    try {
      const Data = new TextEncoder().encode(JSON.stringify(message))
      await client.send(new PostToConnectionCommand({ ConnectionId, Data }))
      sent += 1
    } catch (error) {
      if (!(error instanceof GoneException)) throw error
      await remove(ConnectionId)
    }
  }
  return sent
}
