let { isDeepStrictEqual } = require('node:util')
let arc = require('@architect/functions')
let connections = require('./connections')

// Sends to everyone who is here and forgets those who have gone. Returns how many those were.
async function broadcast(payload) {
  let everyone = await connections.list()
  let results = await Promise.all(everyone.map(({ id }) => send(id, payload)))
  return results.filter((result) => result === 'gone').length
}

// Tells everyone who is here, again until that is still so once they have all been told: functions run side by side, and
// an older list that arrives after a newer one is noticed by whoever sent it. No clock knows which of two lists is newer.
async function announce() {
  let people = await names()
  let told
  do {
    told = people
    await broadcast({ type: 'people', people: told })
    people = await names()
  } while (!isDeepStrictEqual(people, told))
}

async function names() {
  return (await connections.list()).map(({ name }) => name)
}

// Somebody who cannot be reached, because their client reads too slowly, is no reason to tell nobody else.
async function send(id, payload) {
  try {
    await arc.ws.send({ id, payload })
    return 'sent'
  } catch (error) {
    if (error.name !== 'GoneException') {
      console.error(`${id} was not reached: ${error.message}`)
      return 'failed'
    }
    await connections.remove(id)
    return 'gone'
  }
}

module.exports = { announce, broadcast }
