import type { BuildReport } from '@furrow/executor';
import type { Problem } from '@furrow/manifest';
import type { GatewayEvent } from '@furrow/protocol';
import type { BackgroundRun } from './bus/channel.ts';

/** Everything that the sandbox can report: what the gateway reports, and what a save led to. */
export type SandboxEvent =
  | GatewayEvent
  | BackgroundRun
  | {
      readonly type: 'built';
      readonly atMs: number;
      /** What was saved, relative to the project. */
      readonly files: readonly string[];
      /** Functions that run other code from now on, or that do not build. */
      readonly reports: readonly BuildReport[];
      readonly connections: number;
    }
  | {
      readonly type: 'manifestChanged';
      readonly atMs: number;
      readonly file: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
      readonly warnings: readonly Problem[];
      /** What was changed and takes effect at the next start only: `@app`, `@aws profile`. */
      readonly afterRestart: readonly string[];
      readonly connections: number;
    }
  | {
      /** The manifest was saved with faults; the last good one keeps serving. */
      readonly type: 'manifestBroken';
      readonly atMs: number;
      readonly description: string;
    }
  | {
      /** What was done in the database to follow `@tables`, in the manifest's names. */
      readonly type: 'tablesChanged';
      readonly atMs: number;
      /** Tables that were not there. */
      readonly made: readonly string[];
      /** Indexes that tables got, as `rooms by-user`. */
      readonly indexed: readonly string[];
      /** Indexes that tables no longer have. */
      readonly dropped: readonly string[];
    }
  | {
      /** New tables were given the items of a seed file. */
      readonly type: 'seeded';
      readonly atMs: number;
      readonly file: string;
      readonly items: number;
      /** What was left out, and why; one sentence each. */
      readonly faults: readonly string[];
    }
  | { readonly type: 'environmentChanged'; readonly atMs: number; readonly file: string }
  | {
      /** A line of `.env`, or a name of `.parameters.json`, that is left out. */
      readonly type: 'environmentFault';
      readonly atMs: number;
      readonly file: string;
      readonly text: string;
      /** What should be there. */
      readonly expected: string;
    }
  | {
      /** Some files cannot be watched: saves there are not seen. */
      readonly type: 'watchTrouble';
      readonly atMs: number;
      readonly message: string;
    };
