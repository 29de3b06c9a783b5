import { requestBytes } from './attacks/http-text.ts';
import { wait, write, type Attack, type Facts, type Script } from './support/attack.ts';

/** What the fuzzer has found and must not find again. */
export interface Regression {
  /** What went wrong then. */
  readonly found: string;
  readonly scripts: (facts: Facts) => readonly Script[];
  readonly mayFail?: boolean;
}

const tcp = (...steps: Script['steps']): Script => ({ transport: 'tcp', steps });

export const regressions: readonly Regression[] = [
  {
    found: 'files of pipelined requests stayed open when their client left',
    scripts: ({ host }) => {
      const get = requestBytes({
        method: 'GET',
        target: '/_static/app.js',
        version: 'HTTP/1.1',
        headers: [['Host', host]],
      });
      return [tcp({ type: 'stopReading' }, write(Buffer.concat([get, get, get])), wait(100), { type: 'reset' })];
    },
  },
];

export function regressionAttack({ scripts, mayFail = false }: Regression, facts: Facts): Attack {
  return { kind: 'regression', scripts: scripts(facts), mayFail };
}
