import { main } from './main.ts';

/** The only place that touches the process itself. */
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  startedAtMs: performance.timeOrigin,
  isTerminal: process.stdout.isTTY,
  columns: process.stdout.columns ?? 100,
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  onStop(listener) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
  },
  exitNow: (code) => process.exit(code),
});
