// The address of the web socket, for the page.
// On AWS page and socket have different hosts, and ARC_WSS_URL is the socket's. In the sandbox they share one, so the
// path alone is right by whatever name, port or proxy the page was opened.
module.exports = function getWebSocketURL() {
  let url = process.env.ARC_WSS_URL
  return process.env.ARC_SANDBOX ? new URL(url).pathname : url
}
