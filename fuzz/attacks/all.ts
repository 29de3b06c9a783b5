import type { Attack, AttackMaker, Facts } from '../support/attack.ts';
import { createRandom } from '../support/random.ts';
import { brokenFrames } from './frames.ts';
import { brokenHandshake } from './handshake.ts';
import { brokenRequests } from './requests.ts';
import { brokenTls, slowClient } from './slow.ts';

/** As often as they stand here. */
const makers: readonly AttackMaker[] = [
  brokenHandshake,
  brokenHandshake,
  brokenHandshake,
  brokenFrames,
  brokenFrames,
  brokenFrames,
  brokenFrames,
  brokenRequests('management'),
  brokenRequests('management'),
  brokenRequests('http'),
  brokenRequests('http'),
  brokenRequests('ssm'),
  slowClient,
  brokenTls,
];

/** The attack with this number of a seed: the same for the same facts. */
export function attackOf(seed: number, number: number, facts: Facts): Attack {
  const random = createRandom(seed, number);
  return random.pick(makers)(random, facts);
}
