import type { WsConnectEvent, WsConnectHandler } from '@architect/functions'

/** May this client in? 200 opens its web socket, 403 refuses it. */
export const handler: WsConnectHandler = async ({ headers }) => ({ statusCode: isWelcome(headers) ? 200 : 403 })

/** A browser says in Origin which site the page is from, and no page can change that. Other programs send none. */
function isWelcome(headers: WsConnectEvent['headers']): boolean {
  let origin = headers.Origin
  if (!origin || origin === process.env.ARC_HTTP_URL) return true
  if (process.env.ARC_ENV !== 'testing') return false
  // In the sandbox the page has the same host as the socket, by whatever name or proxy it was opened.
  let hosts = [headers.Host, headers['X-Forwarded-Host']]
  return hosts.some((host) => origin === `http://${host}` || origin === `https://${host}`)
}
