import { describe, expect, test } from 'vitest';
import { openArcSandbox } from '../support/arc.ts';
import { appNames, copyApp } from './copy-app.ts';
import { appNameIn, inSandbox } from './place.ts';
import { uses } from './uses.ts';

describe.for(await appNames())('test/apps/%s', (name) => {
  test('works in the sandbox', { timeout: 60_000 }, async () => {
    await using folder = await copyApp(name);
    await using sandbox = await openArcSandbox({ cwd: folder.path });
    using place = inSandbox(await appNameIn(folder), sandbox);
    await uses[name]?.(place);
    const failures = sandbox.lines().filter((line) => 'failure' in line && line['failure'] !== undefined);
    expect(failures).toEqual([]);
  });
});
