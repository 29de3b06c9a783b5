import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { traffic } from './traffic.ts';

type Traffic = typeof traffic;
type Name = keyof Traffic;

export interface Question {
  readonly name: Name;
  readonly options: unknown;
}

export type Answer = { readonly value: unknown; readonly cpuShare: number } | { readonly error: string };

/** The one client of all peers, in a process of its own. */
export interface Client extends AsyncDisposable {
  ask<Key extends Name>(name: Key, options: Parameters<Traffic[Key]>[0]): ReturnType<Traffic[Key]>;
  /** The highest share of a core that it needed since the last call: near 1, and it is the client that was measured. */
  takeCpuShare(): number;
}

export function openClient(): Client {
  const child = fork(join(import.meta.dirname, 'client-process.ts'), { execArgv: ['--import', 'tsx'] });
  let highestCpuShare = 0;
  const ask = async (name: Name, options: unknown): Promise<unknown> => {
    const question: Question = { name, options };
    child.send(question);
    const answer: Answer = (await once(child, 'message'))[0];
    if ('error' in answer) throw new Error(answer.error);
    highestCpuShare = Math.max(highestCpuShare, answer.cpuShare);
    return answer.value;
  };
  return {
    // What comes back over the channel is what `traffic[name]` returned.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    ask: ask as Client['ask'],
    takeCpuShare() {
      const share = highestCpuShare;
      highestCpuShare = 0;
      return share;
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
