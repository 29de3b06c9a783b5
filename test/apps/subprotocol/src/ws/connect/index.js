const spoken = 'ticks.v2'

exports.handler = async function connect(event) {
  const offered = (event.headers['Sec-WebSocket-Protocol'] || event.headers['sec-websocket-protocol'] || '').split(/\s*,\s*/)
  if (!offered.includes(spoken)) return { statusCode: 400 }
  return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': spoken } }
}
