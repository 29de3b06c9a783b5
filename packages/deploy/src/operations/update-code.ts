import { setTimeout as delay } from 'node:timers/promises';
import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import type { DeployedFunction } from './drift.ts';

export interface UpdateCodeOptions {
  readonly aws: Aws;
  readonly pollMs: number;
}

/** Lambda takes seconds; a function in a VPC or with a large zip takes longer. */
const mostRounds = 240;

/**
 * Gives a function new code and waits until Lambda runs it. A function that has it already is left alone.
 *
 * @throws {CODE_UPDATE_FAILED} when Lambda refuses the code, or does not get ready.
 */
export async function updateCode(
  { packaged, physicalId }: DeployedFunction,
  { aws, pollMs }: UpdateCodeOptions,
): Promise<'updated' | 'same'> {
  const { label, zip, codeSha256 } = packaged;
  const before = await aws.functions.state(physicalId);
  if (before?.codeSha256 === codeSha256 && before.lastUpdateStatus === 'Successful') return 'same';
  let isHandedOver = false;
  for (let round = 0; round < mostRounds; round += 1) {
    if (!isHandedOver) {
      const answer = await aws.functions.updateCode(physicalId, zip);
      if (answer === 'missing') throw errors.codeUpdateFailed(label, 'the function is not there any more');
      isHandedOver = answer === 'accepted';
    }
    const state = await aws.functions.state(physicalId);
    if (isHandedOver && state?.lastUpdateStatus === 'Failed') {
      throw errors.codeUpdateFailed(label, state.lastUpdateReason ?? 'Lambda gives no reason');
    }
    if (isHandedOver && state?.lastUpdateStatus === 'Successful') return 'updated';
    await delay(pollMs);
  }
  throw errors.codeUpdateFailed(label, 'Lambda is still busy with an earlier update');
}
