import { broadcast } from '@architect/shared/broadcast.mjs'

export async function handler({ body, isBase64Encoded }) {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body
  const endpoint = process.env.ARC_WSS_URL.replace(/^ws/, 'http')
  const reached = await broadcast(endpoint, { announcement: text })
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reached }),
  }
}
