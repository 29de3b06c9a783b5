import type { WsMessageHandler } from '@architect/functions'
import { announce, keep } from '@architect/shared/hands'

/** Any other message: a page is open, with its hand down. */
export const handler: WsMessageHandler = async ({ requestContext: { connectionId: id, connectedAt } }) => {
  await keep({ id, connectedAt })
  await announce()
  return { statusCode: 200 }
}
