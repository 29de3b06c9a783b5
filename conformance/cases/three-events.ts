import type { Json } from '../client/client.ts';
import type { Kit } from '../kit.ts';

/** What the functions of one connection got. */
export interface ThreeEvents {
  readonly connect: Json;
  readonly message: Json;
  readonly disconnect: Json;
}

/** Opens a connection, sends it a message, closes it, and returns what the functions got. */
export async function threeEvents({ observer, connect }: Kit): Promise<ThreeEvents> {
  const witness = await observer();
  const tell = [{ tell: witness.id }];
  const client = await connect({ scripts: { connect: tell, disconnect: tell } });
  const { event: connectEvent } = await witness.nextJson();
  const message = await client.askEvent();
  client.socket.close(1000);
  const { event: disconnect } = await witness.nextJson();
  return { connect: connectEvent, message, disconnect };
}
