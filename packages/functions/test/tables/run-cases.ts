// Stands in a process of its own, as a handler does: bundled, with one library or another in the place of its name.
import { inspect } from 'node:util';
// @ts-ignore: the name is for the library that is built in.
import library from '@architect/functions';
import { cases } from './cases.ts';

const outcomes: Record<string, string> = {};
for (const one of cases) {
  try {
    // oxlint-disable-next-line no-await-in-loop
    outcomes[one.why] = print(await one.run(await library.tables(), library));
  } catch (error) {
    outcomes[one.why] = printError(error);
  }
}
process.stdout.write(JSON.stringify(outcomes));

/** Texts of everything that a handler can tell apart, in any order of members, without what the AWS SDK adds. */
function print(value: unknown): string {
  return inspect(withoutMetadata(value), { depth: Infinity, sorted: true, breakLength: 100 });
}

function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== 'object' || value === null) return value;
  if (!['Object', undefined].includes(value.constructor?.name)) return value;
  const members = Object.entries(value).filter(([name, member]) => name !== '$metadata' && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutMetadata(member)]));
}

/** By name where AWS refused; what converts values has no names, and its words. */
function printError(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${inspect(error)}`;
  const words = error.message
    .replace(/^@aws-lite\/client: DynamoDB\.\w+: /, '')
    .replace(/^[\w.]+ cannot be stored: (.*) Options go to arc\.tables\(.*$/, '$1');
  return error.name.endsWith('Exception') ? `${error.name}: ${words}` : `error: ${words}`;
}
