import type { WsMessageHandler } from '@architect/functions'
import { announce, keep } from '@architect/shared/hands'
import { readVote } from '@architect/shared/messages'

/** {"action": "vote", "drink": "tea"} */
export const handler: WsMessageHandler = async ({ body, requestContext: { connectionId: id, connectedAt } }) => {
  let vote = readVote(body)
  if (!vote) return { statusCode: 400 }
  await keep({ id, connectedAt, drink: vote.drink })
  await announce()
  return { statusCode: 200 }
}
