let connections = require('@architect/shared/connections')
let { announce } = require('@architect/shared/tell')

// {"action": "join", "room": "lobby", "name": "Ann"}: this connection is in a room.
//
// The page says so again every few minutes, which keeps the socket open, and finds those who left without a word.
exports.handler = async function join(event) {
  let { connectionId: id, connectedAt: joinedAt } = event.requestContext
  let message = JSON.parse(event.body)
  let room = tidy(message.room, 40)
  if (!room) return { statusCode: 400 }
  await connections.keep({ room, id, name: tidy(message.name, 24) || 'Someone', joinedAt })
  await announce(room)
  return { statusCode: 200 }
}

function tidy(text, length) {
  return typeof text === 'string' ? text.replace(/\s+/g, ' ').trim().slice(0, length) : ''
}
