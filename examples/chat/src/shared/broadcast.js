let arc = require('@architect/functions')
let connections = require('./connections')

// Sends to everyone who is here and forgets those who have gone. Returns how many those were.
async function broadcast(payload) {
  let everyone = await connections.list()
  let arrived = await Promise.all(everyone.map(({ id }) => send(id, payload)))
  return arrived.filter((hasArrived) => !hasArrived).length
}

// Tells everyone who is here. When that finds someone gone, the list was wrong, and it is sent again.
async function announce() {
  let gone
  do {
    let at = Date.now()
    let people = (await connections.list()).map(({ name }) => name)
    gone = await broadcast({ type: 'people', people, at })
  } while (gone > 0)
}

async function send(id, payload) {
  try {
    await arc.ws.send({ id, payload })
    return true
  } catch (error) {
    if (error.name !== 'GoneException') throw error
    await connections.remove(id)
    return false
  }
}

module.exports = { announce, broadcast }
