import { main } from '@furrow/cli';
import { expect, vi } from 'vitest';

type Env = Readonly<Record<string, string | undefined>>;

export interface ArcOptions {
  readonly cwd: string;
  readonly env?: Env;
  /** Whether a person is there, and what they answer; a function answers each time, and may take its time. */
  readonly answer?: string | (() => Promise<string>);
  /** What is piped in. */
  readonly input?: string;
}

export interface ArcRun {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

export interface RunningArc extends AsyncDisposable {
  readonly output: () => string;
  readonly errors: () => string;
  readonly exitCode: Promise<number>;
  /** Presses Ctrl-C, the first time; resolves with the exit code. */
  readonly stop: () => Promise<number>;
}

/** What a test gives of the developer's environment: enough to run Node, no AWS configuration. */
const quietEnv: Env = {
  PATH: process.env['PATH'],
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  AWS_CONFIG_FILE: '/nonexistent',
};

/** Starts one command line in a world that records what it prints. */
export function startArc(argv: readonly string[], { cwd, env = {}, answer, input }: ArcOptions): RunningArc {
  let output = '';
  let errors = '';
  const listeners: (() => void)[] = [];
  const exitCode = main(argv, {
    program: 'arc',
    cwd,
    env: { ...quietEnv, ...env },
    startedAtMs: Date.now(),
    isTerminal: false,
    columns: 100,
    write: (text) => void (output += text),
    writeError: (text) => void (errors += text),
    ask:
      answer === undefined
        ? undefined
        : async (question) => {
            output += question;
            return typeof answer === 'string' ? answer : answer();
          },
    readInput: input === undefined ? undefined : async () => input,
    onStop: (listener) => void listeners.push(listener),
    exitNow: (code) => expect.fail(`Exited at once with ${code}.`),
  });
  const stop = () => {
    // A second Ctrl-C would end at once.
    for (const listener of listeners.splice(0)) listener();
    return exitCode;
  };
  return {
    output: () => output,
    errors: () => errors,
    exitCode,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** Runs a command that ends by itself. */
export async function runArc(argv: readonly string[], options: ArcOptions): Promise<ArcRun> {
  const arc = startArc(argv, options);
  return { exitCode: await arc.exitCode, output: arc.output(), errors: arc.errors() };
}

/** One line of `arc sandbox --json`. */
export type JsonLine = Readonly<Record<string, unknown>> & { readonly type: string };

export interface RunningSandbox extends RunningArc {
  /** `http://localhost:40123` */
  readonly url: string;
  /** `ws://localhost:40123/testing` */
  readonly webSocketUrl: string;
  /** What has been reported so far. */
  readonly lines: () => readonly JsonLine[];
  /** Resolves with the first line, of those to come too, that fits. */
  readonly line: (fits: (line: JsonLine) => boolean) => Promise<JsonLine>;
  /** What a function has printed so far. */
  readonly printed: (functionName: string) => string;
}

/** Runs `arc sandbox --json`, on a free port unless one is given; resolves when it is ready. */
export async function openArcSandbox(
  options: ArcOptions & { readonly flags?: readonly string[]; readonly port?: string },
): Promise<RunningSandbox> {
  const { flags = [], port = '0' } = options;
  const arc = startArc(['sandbox', '--port', port, '--json', ...flags], options);
  const lines = () => parseJsonLines(arc.output());
  const line = (fits: (one: JsonLine) => boolean) => vi.waitUntil(() => lines().find(fits), { timeout: 10_000 });
  const failed = arc.exitCode.then((code) => expect.fail(`arc sandbox ended with ${code}: ${arc.errors()}`));
  const ready = await Promise.race([line(({ type }) => type === 'ready'), failed]);
  failed.catch(() => {}); // It ends at the latest when the test does, which is no failure.
  return {
    ...arc,
    url: String(ready['url']),
    webSocketUrl: String(ready['webSocketUrl']),
    lines,
    line,
    printed: (functionName) =>
      lines()
        .filter((one) => one.type === 'output' && one['functionName'] === functionName)
        .map((one) => String(one['text']))
        .join(''),
  };
}

export function parseJsonLines(text: string): readonly JsonLine[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line): JsonLine => JSON.parse(line));
}
