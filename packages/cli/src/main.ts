import { isUserError, type UserError } from '@furrow/protocol';
import { readCommandLine } from './command-line.ts';
import { isUsageError } from './errors.ts';
import type { World } from './world.ts';

/** Runs one command line. Resolves with the exit code: 0 done, 1 a person must mend something, 2 wrong use. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  try {
    const read = readCommandLine(argv);
    return typeof read === 'number' ? read : await read.command.run(read.input, world);
  } catch (error) {
    if (!isUserError(error)) throw error;
    world.writeError(describeError(error));
    return isUsageError(error) ? 2 : 1;
  }
}

/** `CODE  message`, then the way out. */
export function describeError({ code, message, fix }: UserError): string {
  return `${code}  ${message}\nFix: ${fix}\n`;
}
