import type { Facts } from './attack.ts';
import { createVictim, openWitness, type Victim, type Witness } from './clients.ts';
import { openTarget, targetByUrl, type Target } from './target.ts';

/** A target and the clients that have to be served whatever happens. */
export interface Scene {
  readonly target: Target;
  readonly witness: Witness;
  readonly victim: Victim;
}

/** @param url of a sandbox that runs already. */
export async function openScene(url: string | undefined): Promise<Scene> {
  const target = url === undefined ? await openTarget() : await targetByUrl(url);
  return { target, witness: await openWitness(target.webSocketUrl), victim: createVictim(target.webSocketUrl) };
}

export async function closeScene({ target, witness, victim }: Scene): Promise<void> {
  witness.close();
  victim.close();
  await target[Symbol.asyncDispose]();
}

/** What the next attacks may know. */
export async function factsOf({ target, victim }: Scene): Promise<Facts> {
  const { host, pathname } = new URL(target.webSocketUrl);
  return {
    host,
    stage: pathname.slice(1),
    hasTls: target.hasTls,
    victimId: await victim.id(),
    credentials: target.credentials,
    region: 'us-west-2',
    nowMs: Date.now(),
  };
}

export function addressOf({ url }: Target): { port: number; host: string } {
  const { hostname, port } = new URL(url);
  return { host: hostname === 'localhost' ? '127.0.0.1' : hostname, port: Number(port || 80) };
}
