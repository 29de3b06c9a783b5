let arc = require('@architect/functions')

exports.handler = async function health () {
  let services = await arc.services()
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ok: true, rooms: JSON.parse(process.env.ROOMS), doors: services.rooms.doors }),
  }
}
