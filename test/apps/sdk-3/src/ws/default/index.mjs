import { broadcast } from '@architect/shared/broadcast.mjs'

export async function handler({ body, requestContext }) {
  const { domainName, stage } = requestContext
  await broadcast(`https://${domainName}/${stage}`, { said: body })
  return { statusCode: 200 }
}
