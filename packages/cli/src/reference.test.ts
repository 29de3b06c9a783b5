import { expect, test } from 'vitest';
import { commands } from './commands/all.ts';
import { describeCommands } from './reference.ts';

test('docs/reference/cli.md is what the commands say', async () => {
  await expect(describeCommands(commands)).toMatchFileSnapshot('../../../docs/reference/cli.md');
});
