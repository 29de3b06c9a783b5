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
  const { codeSha256 } = packaged;
  const before = await aws.functions.state(physicalId);
  if (before?.codeSha256 === codeSha256 && before.lastUpdateStatus === 'Successful') return 'same';
  await handOver({ packaged, physicalId }, { aws, pollMs });
  await waitUntilRuns({ packaged, physicalId }, { aws, pollMs });
  return 'updated';
}

/** Lambda takes one update at a time; an earlier one is waited for. */
async function handOver({ packaged, physicalId }: DeployedFunction, { aws, pollMs }: UpdateCodeOptions): Promise<void> {
  for (let round = 0; round < mostRounds; round += 1) {
    const answer = await aws.functions.updateCode(physicalId, packaged.zip);
    if (answer === 'accepted') return;
    if (answer === 'missing') throw errors.codeUpdateFailed(packaged.label, 'the function is not there any more');
    await delay(pollMs);
  }
  throw errors.codeUpdateFailed(packaged.label, 'Lambda is still busy with an earlier update');
}

async function waitUntilRuns(
  { packaged, physicalId }: DeployedFunction,
  { aws, pollMs }: UpdateCodeOptions,
): Promise<void> {
  for (let round = 0; round < mostRounds; round += 1) {
    const state = await aws.functions.state(physicalId);
    if (state?.lastUpdateStatus === 'Successful') return;
    if (state?.lastUpdateStatus === 'Failed') {
      throw errors.codeUpdateFailed(packaged.label, state.lastUpdateReason ?? 'Lambda gives no reason');
    }
    await delay(pollMs);
  }
  throw errors.codeUpdateFailed(packaged.label, 'Lambda has taken it and is not ready yet');
}
