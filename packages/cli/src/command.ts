import type { World } from './world.ts';

/** What was typed behind a command: options by their camel-case names, the rest in order. */
export interface Arguments {
  readonly positional: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Option {
  /** `--port <port>`, `-p, --production`. */
  readonly flag: string;
  readonly description: string;
  /** Whether it may be given several times. @default false */
  readonly mayRepeat?: boolean;
}

/** A command is data, so that the program, its help and its reference page come from one place. */
export interface Command {
  readonly name: string;
  /** `[folder]` */
  readonly parameters: string;
  readonly aliases: readonly string[];
  /** One line. */
  readonly summary: string;
  readonly options: readonly Option[];
  readonly examples: readonly string[];
  /** Whether its words may be secrets, which no error repeats. @default false */
  readonly hasSecrets?: boolean;
  /** Resolves with the exit code. */
  run(input: Arguments, world: World): Promise<number>;
}

/** An option's value as typed. */
export function optionText(options: Arguments['options'], name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
