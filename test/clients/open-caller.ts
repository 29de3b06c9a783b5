import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { repository } from '../support/built.ts';
import type { Answer, OpenCaller } from './management-calls.ts';

/** The Python that has boto3 and websockets. */
export const python = join(repository, '.cache', 'aws', 'venv', 'bin', 'python');

/** Why nothing of Python can be tried; `undefined` when it can. */
export function pythonMissing(): string | undefined {
  return existsSync(python) ? undefined : `no Python with boto3 at ${python}: see CONTRIBUTING.md`;
}

type Env = Readonly<Record<string, string>>;

/** A developer who has configured nothing but these variables. */
export function quietEnv(env: Env): Env {
  return {
    PATH: process.env['PATH'] ?? '',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1',
    NODE_NO_WARNINGS: '1',
    ...env,
  };
}

const programs = {
  'sdk-3': [process.execPath, '--import', 'tsx', fileURLToPath(new URL('outside.ts', import.meta.url)), '3'],
  'sdk-2': [process.execPath, '--import', 'tsx', fileURLToPath(new URL('outside.ts', import.meta.url)), '2'],
  boto3: [python, join(import.meta.dirname, 'boto3-calls.py')],
} as const;

/** Opens a caller in a process of its own. */
export async function openCaller(program: keyof typeof programs, env: Env): Promise<OpenCaller> {
  const [command, ...args] = programs[program];
  const child = spawn(command, args, { env: quietEnv(env), stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'exit');
  return {
    async call(calls) {
      child.stdin.write(`${JSON.stringify(calls)}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error(`${program} has ended; why stands above.`);
      return JSON.parse(value) as readonly Answer[];
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
