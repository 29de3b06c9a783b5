import { Console } from 'node:console';
import { runningPlugins } from '@furrow/manifest';
import { earlyEnd } from './early-end.ts';
import { describeError, main } from './main.ts';
import { askPerson, readStream } from './terminal.ts';

/** The only place that touches the process itself. */
const stopListeners: (() => void)[] = [];
// Whoever read the output has gone, as `head` does: that is a wish to stop, not a fault.
process.stdout.once('error', () => stopListeners.forEach((stop) => stop()));
process.stdout.on('error', () => {});

// What plugins print is for people: a program that reads JSON finds nothing else.
if (process.argv.includes('--json')) globalThis.console = new Console(process.stderr);

// Code of plugins may end the process, or wait for what never comes; neither is a success.
let isRunning = true;
process.on('exit', (given) => {
  if (!isRunning) return;
  const exitCode = Number(process.exitCode ?? given);
  const error = earlyEnd(exitCode, runningPlugins());
  if (error === undefined) return;
  process.stderr.write(describeError(error));
  process.exitCode = exitCode || 1;
});

const finalCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  program: process.argv[1] ?? 'arc',
  env: process.env,
  async withVariables(variables, run) {
    const before = { ...process.env };
    Object.assign(process.env, variables);
    try {
      return await run();
    } finally {
      for (const name of Object.keys(variables)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  },
  startedAtMs: performance.timeOrigin,
  isTerminal: process.stdout.isTTY,
  columns: process.stdout.columns ?? 100,
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  // With its output piped, a command can still ask where its errors go.
  ask: process.stdin.isTTY ? askPerson(process.stdin, [process.stdout, process.stderr]) : undefined,
  readInput: process.stdin.isTTY ? undefined : () => readStream(process.stdin),
  onStop(listener) {
    stopListeners.push(listener);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
  },
  exitNow(code) {
    isRunning = false;
    process.exit(code);
  },
});
isRunning = false;
process.exitCode = finalCode;
