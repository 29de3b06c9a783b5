import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';
import { expectedCalls } from './aws/expected-calls.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
const handler = 'src/ws/default/index.js';

/** One app from its first deploy to its end: a command that asks for more, or in another order, is seen here. */
describe.skipIf(missing !== undefined)(`what each command asks of AWS${reason}`, () => {
  let project: AwsProject;

  beforeAll(async () => {
    project = await openAwsProject({ example: 'document' });
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());

  test.for(expectedCalls)('arc $line: $why', async ({ line, change, calls }) => {
    if (change === 'code') {
      const text = await project.folder.read(handler);
      await project.folder.write(handler, `${text}\nexports.revision = ${text.length}\n`);
    }
    project.proxy.clear();
    expect(await project.quickArc(line)).toMatchObject({ exitCode: 0, errors: '' });
    expect(inOrder(project.proxy.calls.map(({ service, operation }) => `${service} ${operation}`))).toEqual(calls);
  });
});

/** Without what only repeats the call before, or the two before: polls, and what is done for each function. */
function inOrder(calls: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const call of calls) {
    if (call === kept.at(-1)) continue;
    kept.push(call);
    const [fourth, third, second] = kept.slice(-4);
    if (kept.length >= 4 && fourth === second && third === call) kept.splice(-2);
  }
  return kept;
}
