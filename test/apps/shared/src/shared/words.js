let arc = require('@architect/functions')
// a module of src/shared by the name that handlers use
let shout = require('@architect/shared/shout')
let replies = require('./replies')
let limits = require('./limits')

async function add(id, text) {
  if (text.length > limits.longest) return replies.tooLong
  let { words } = await arc.tables()
  await words.put({ id, text: shout(text) })
  return shout(text)
}

async function all() {
  let { words } = await arc.tables()
  let { Items } = await words.scan({})
  return Items.map(({ text }) => text).sort()
}

module.exports = { add, all, replies }
