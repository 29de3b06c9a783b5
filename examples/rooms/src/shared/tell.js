let { isDeepStrictEqual } = require('node:util')
let arc = require('@architect/functions')
let connections = require('./connections')

// Sends to these people, and forgets those who have gone: this is how a lost disconnect is noticed. Returns how many.
exports.tell = async function tell(people, payload) {
  let { gone, failed } = await arc.ws.send({ id: people.map(({ id }) => id), payload })
  for (let { id, error } of failed) console.error(`${id} was not reached: ${error.message}`)
  await Promise.all(people.filter(({ id }) => gone.includes(id)).map(connections.remove))
  return gone.length
}

// Tells a room who is in it, again until that is still so once all have been told. This finds who has gone, and who came
// meanwhile; and an older list that arrives after a newer one is noticed by whoever sent it.
exports.announce = async function announce(room) {
  let people = await connections.list(room)
  let told
  do {
    told = people
    await exports.tell(told, { type: 'people', people: told.map(({ name }) => name) })
    people = await connections.list(room)
  } while (!isDeepStrictEqual(people, told))
}
