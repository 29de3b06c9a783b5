import { add } from '@architect/shared/connections.mjs'

export async function handler({ requestContext, queryStringParameters }) {
  await add(requestContext.connectionId, queryStringParameters?.topic ?? 'all')
  return { statusCode: 200 }
}
