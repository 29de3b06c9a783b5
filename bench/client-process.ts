import { traffic } from './traffic.ts';
import type { Answer, Question } from './client.ts';

/** Does what its parent asks, one thing at a time, in a process that does nothing else. */
process.on('message', (question: Question) => void perform(question));
process.on('disconnect', () => process.exit());

async function perform({ name, options }: Question): Promise<void> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  // The parent's types hold name and options together.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const act = traffic[name] as (given: unknown) => Promise<unknown>;
  try {
    const value = await act(options);
    const { user, system } = process.cpuUsage(before);
    answer({ value, cpuShare: (user + system) / 1000 / (performance.now() - startedAt) });
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) });
  }
}

function answer(message: Answer): void {
  process.send?.(message);
}
