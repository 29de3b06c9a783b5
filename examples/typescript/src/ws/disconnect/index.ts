import type { WsDisconnectHandler } from '@architect/functions'
import { announce, remove } from '@architect/shared/hands'

/** The page has gone, and its hand with it. */
export const handler: WsDisconnectHandler = async ({ requestContext }) => {
  await remove(requestContext.connectionId)
  await announce()
  return { statusCode: 200 }
}
