let { readFile } = require('node:fs/promises');
let arc = require('@architect/functions');

let payload = 'x'.repeat(200);
let ids = [];

// `way` says how: one call for all of them, or a loop of calls. `members` makes sure that everybody has come in.
exports.handler = async function say(event) {
  let { way, messages, members } = JSON.parse(event.body);
  if (ids.length !== members) ids = (await readFile(process.env.ROOM_FILE, 'utf8')).trim().split('\n');
  let sends = [];
  for (let count = 0; count < messages; count += 1) {
    if (way === 'list') sends.push(arc.ws.send({ id: ids, payload }));
    else for (let id of ids) sends.push(arc.ws.send({ id, payload }));
  }
  await Promise.all(sends);
  return { statusCode: 200 };
};
