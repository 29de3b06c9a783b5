import { DurableObject } from 'cloudflare:workers';

const payload = 'x'.repeat(200);

/** Hibernates between messages, as its sockets were accepted by the object's context. */
export class Room extends DurableObject {
  fetch() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket, text) {
    if (!text.startsWith('{"way"')) {
      socket.send(text);
      return;
    }
    const { messages } = JSON.parse(text);
    for (let count = 0; count < messages; count += 1) {
      for (const member of this.ctx.getWebSockets()) member.send(payload);
    }
  }
}

export default {
  fetch: (request, env) => env.ROOM.get(env.ROOM.idFromName('room')).fetch(request),
};
