import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main } from '@furrow/cli';
import { deployTarget, packageTo } from '@furrow/deploy';
import { loadApp, manifestInvalid } from '@furrow/manifest';
import type { Variant } from '../row.ts';
import type { CloudFormation, Tools } from '../target.ts';
import { openAppFolder } from './app-folder.ts';

/** What the command line makes of the app, without an account of AWS. */
export const tools: Tools = { template, arc };

async function template(variant: Variant): Promise<CloudFormation> {
  await using folder = await openAppFolder(variant);
  const loaded = await loadApp(folder.path);
  if (!loaded.ok) throw manifestInvalid(loaded.problems);
  const { app } = loaded;
  const target = deployTarget(app.name, 'staging', undefined);
  const written = await packageTo({ app, projectDir: folder.path, target, onEvent: () => {} });
  return JSON.parse(await readFile(join(folder.path, written.folder, 'template.json'), 'utf8'));
}

async function arc(words: readonly string[]): Promise<{ readonly exitCode: number; readonly errors: string }> {
  await using folder = await openAppFolder('main');
  let errors = '';
  const exitCode = await main(words, {
    program: 'arc',
    cwd: folder.path,
    env: { AWS_REGION: 'us-west-2', AWS_ACCESS_KEY_ID: 'AKIACONFORMANCE', AWS_SECRET_ACCESS_KEY: 'secret' },
    startedAtMs: Date.now(),
    isTerminal: false,
    columns: 100,
    write: () => {},
    writeError: (text) => void (errors += text),
    ask: undefined,
    readInput: undefined,
    onStop: () => {},
    exitNow: (code) => {
      throw new Error(`The command wanted to end at once with ${code}.`);
    },
  });
  return { exitCode, errors };
}
