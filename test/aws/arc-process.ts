import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ArcRun } from '../support/arc.ts';
import { repository } from '../support/built.ts';

export interface ArcProcessOptions {
  readonly cwd: string;
  /** What says where AWS is; nothing else of this process's environment but PATH reaches the command. */
  readonly env: Readonly<Record<string, string>>;
  /** What is piped in. */
  readonly input?: string;
}

export interface ArcProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly output: () => string;
  readonly ended: Promise<ArcRun>;
}

/** Starts the command as it is built: a process of its own, because the SDK reads its environment. */
export function startArcProcess(argv: readonly string[], { cwd, env, input }: ArcProcessOptions): ArcProcess {
  const bin = join(repository, 'packages', 'cli', 'bin', 'arc.js');
  const child = spawn(process.execPath, [bin, ...argv], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: cwd,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: join(cwd, 'no-config'),
      AWS_SHARED_CREDENTIALS_FILE: join(cwd, 'no-credentials'),
      ...env,
    },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(input);
  let output = '';
  let errors = '';
  child.stdout?.on('data', (part: Buffer) => (output += part.toString('utf8')));
  child.stderr?.on('data', (part: Buffer) => (errors += part.toString('utf8')));
  const ended = once(child, 'close').then(([code, signal]) => ({
    exitCode: typeof code === 'number' ? code : -1,
    output,
    errors: signal === null ? errors : `${errors}\nended by ${String(signal)}`,
  }));
  // Both streams are pipes, whatever stdin is.
  return { child: child as ArcProcess['child'], output: () => output, ended };
}

/** Runs a command to its end. */
export function runArcProcess(argv: readonly string[], options: ArcProcessOptions): Promise<ArcRun> {
  return startArcProcess(argv, options).ended;
}
