import { setTimeout as delay } from 'node:timers/promises';
import type { Aws } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import type { DeployedFunction } from './drift.ts';
import { uploadFunctions } from './upload.ts';

export interface UpdateCodeOptions {
  readonly aws: Aws;
  /** The deploy bucket, by way of which large zips go; asked for when there is one. */
  readonly bucket: () => Promise<string>;
  readonly pollMs: number;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11) */
const maxDirectBytes = 50 * 1024 * 1024;

/** Lambda takes seconds; a function in a VPC or with a large zip takes longer. */
const mostRounds = 240;

/**
 * Gives a function new code and waits until Lambda runs it. A function that has it already is left alone.
 *
 * @throws {CODE_UPDATE_FAILED} when Lambda refuses the code, or does not get ready.
 */
export async function updateCode(deployed: DeployedFunction, options: UpdateCodeOptions): Promise<'updated' | 'same'> {
  const { aws } = options;
  const { packaged, physicalId } = deployed;
  const { codeSha256 } = packaged;
  const before = await aws.functions.state(physicalId);
  if (before?.codeSha256 === codeSha256 && before.lastUpdateStatus === 'Successful') return 'same';
  await handOver(deployed, options);
  await waitUntilRuns(deployed, options);
  return 'updated';
}

async function codeOf({ packaged }: DeployedFunction, options: UpdateCodeOptions) {
  const { zip, key } = packaged;
  if (zip.length <= maxDirectBytes) return zip;
  const bucket = await options.bucket();
  await uploadFunctions(options.aws, bucket, [packaged]);
  return { bucket, key };
}

/** Lambda takes one update at a time; an earlier one is waited for. */
async function handOver(deployed: DeployedFunction, options: UpdateCodeOptions): Promise<void> {
  const { aws, pollMs } = options;
  const { packaged, physicalId } = deployed;
  const code = await codeOf(deployed, options);
  for (let round = 0; round < mostRounds; round += 1) {
    const answer = await aws.functions.updateCode(physicalId, code);
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
    if (state?.lastUpdateStatus === 'Successful' && state.codeSha256 === packaged.codeSha256) return;
    if (state?.lastUpdateStatus === 'Failed') {
      throw errors.codeUpdateFailed(packaged.label, state.lastUpdateReason ?? 'Lambda gives no reason');
    }
    await delay(pollMs);
  }
  throw errors.codeUpdateFailed(packaged.label, 'Lambda has taken it and is not ready yet');
}
