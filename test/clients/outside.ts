import { createInterface } from 'node:readline';
import type { Call, Caller } from './management-calls.ts';

// A process of its own, as a program outside of the sandbox is: it makes calls with the SDK of version `argv[2]`. One JSON
// list of calls a line, one JSON list of answers a line. `ENDPOINT`, where there is one, is the client's.
const { callerOf } = (await (process.argv[2] === '3' ? import('./sdk-3.ts') : import('./sdk-2.ts'))) as {
  readonly callerOf: (config: { readonly endpoint?: string }) => Caller;
};
const { ENDPOINT: endpoint } = process.env;
const call = callerOf(endpoint === undefined ? {} : { endpoint });
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await call(JSON.parse(line) as readonly Call[]))}\n`);
}
