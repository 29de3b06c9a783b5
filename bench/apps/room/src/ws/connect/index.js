let { appendFile } = require('node:fs/promises');

// The room's members, as a table would keep them.
exports.handler = async function join(event) {
  await appendFile(process.env.ROOM_FILE, event.requestContext.connectionId + '\n');
  return { statusCode: 200 };
};
