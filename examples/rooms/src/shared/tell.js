let arc = require('@architect/functions')
let connections = require('./connections')

// Sends to these people, and forgets those who have gone: this is how a lost disconnect is noticed. Returns how many.
exports.tell = async function tell(people, payload) {
  let { gone, failed } = await arc.ws.send({ id: people.map(({ id }) => id), payload })
  for (let { id, error } of failed) console.error(`${id} was not reached: ${error.message}`)
  await Promise.all(people.filter(({ id }) => gone.includes(id)).map(connections.remove))
  return gone.length
}

// Tells a room who is in it. When that finds someone gone, the list was wrong, and the right one follows.
exports.announce = async function announce(room) {
  let gone
  do {
    let at = Date.now()
    let people = await connections.list(room)
    gone = await exports.tell(people, { type: 'people', people: people.map(({ name }) => name), at })
  } while (gone > 0)
}
