import { WebSocketServer } from 'ws';

const payload = 'x'.repeat(200);

/** The limit: an echo without any function behind it, and the loop that everybody writes for a room. Prints its port. */
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(JSON.stringify({ port: address.port }));
});
server.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text.startsWith('{"way"')) sayToAll(text);
    else socket.send(data, { binary: false });
  });
});

function sayToAll(text: string): void {
  const { messages }: { readonly messages: number } = JSON.parse(text);
  for (let count = 0; count < messages; count += 1) {
    for (const member of server.clients) member.send(payload);
  }
}
