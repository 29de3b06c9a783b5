import arc from '@architect/functions'
import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { isChoice } from '@architect/shared/choices'
import { Votes } from '@architect/shared/votes'

export async function handler(event: APIGatewayProxyWebsocketEventV2): Promise<APIGatewayProxyResultV2> {
  const { choice }: { choice?: unknown } = JSON.parse(event.body!)
  const votes = await Votes.open()
  if (!isChoice(choice)) {
    await arc.ws.send({ id: event.requestContext.connectionId, payload: { error: `no such choice: ${choice}` } })
    return { statusCode: 200 }
  }
  await votes.count(choice)
  const tally = await votes.tally()
  for (const id of await votes.everyone()) {
    try {
      await arc.ws.send({ id, payload: { tally } })
    } catch (error: any) {
      if (error.name !== 'GoneException') throw error
      await votes.gone(id)
    }
  }
  return { statusCode: 200 }
}
