import { faultsOf } from './answers.ts';
import type { Attack } from './attack.ts';
import { perform } from './perform.ts';
import { addressOf, closeScene, openScene, type Scene } from './scene.ts';

const echoWithinMs = 5000;

/** Throws one attack at a scene; resolves with what went wrong. */
export async function attackScene({ target, witness }: Scene, attack: Attack): Promise<readonly string[]> {
  const received = await perform(attack, addressOf(target));
  const echoMs = await witness.echo(echoWithinMs);
  return [
    ...received.flatMap((bytes) => faultsOf(bytes, attack.mayFail)),
    ...target.takeTroubles(),
    ...(echoMs === undefined ? [`no echo within ${echoWithinMs} ms on a connection that did nothing`] : []),
  ];
}

/** Throws one attack that was kept at a sandbox of its own, or at one that runs. */
export async function replay(attack: Attack, url?: string): Promise<readonly string[]> {
  const scene = await openScene(url);
  try {
    return await attackScene(scene, attack);
  } finally {
    await closeScene(scene);
  }
}
