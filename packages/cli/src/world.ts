import type { SandboxOptions } from '@furrow/sandbox';

/** Everything outside of the program that a command may touch; tests hand in their own. */
export interface World {
  readonly cwd: string;
  /** The program as it was called, an absolute path. */
  readonly program: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs something while the process has variables beside those; plugins expect the app's. @default it has not */
  readonly withVariables?: SandboxOptions['withVariables'];
  /** When the process began, milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Whether a person reads the output. */
  readonly isTerminal: boolean;
  /** Width of the terminal. */
  readonly columns: number;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Asks the person at the terminal; `undefined` where there is none. A secret is not shown as it is typed. */
  readonly ask: ((question: string, options?: { readonly isSecret: boolean }) => Promise<string>) | undefined;
  /** All that is piped in; `undefined` at a terminal. */
  readonly readInput: (() => Promise<string>) | undefined;
  /** Ctrl-C and its likes. May come more than once. */
  onStop(listener: () => void): void;
  /** Ends the process without waiting for anything. */
  exitNow(code: number): void;
}
