import { execFile } from 'node:child_process';

/** As long as Node takes to start on a busy machine, and more. */
const longestMs = 10_000;

/**
 * Where a module cannot be parsed: `/app/own.mjs:2`; `undefined` when it can be. Runs none of it.
 *
 * Whoever imports a broken ES module is told neither its file nor its line; Node prints both when it is asked to check it.
 */
export async function unparsedLine(file: string): Promise<string | undefined> {
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['--check', file], { timeout: longestMs }, (_refused, _output, errors) =>
      resolve(errors),
    );
  });
  const [first = ''] = said.split('\n');
  return first.includes(file) && /:\d+$/.test(first) ? first : undefined;
}
