import { remove } from '@architect/shared/connections.mjs'

export const handler = async ({ requestContext }) => {
  await remove(requestContext.connectionId)
  return { statusCode: 200 }
}
