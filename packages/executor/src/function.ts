import type { SharedFolder } from './shared-folder.ts';

/** One function as the executor needs it; the shells make these from the manifest. */
export interface RunnableFunction {
  /** Unique: `ws/default`, `http/get-index`, `events/likes`. */
  readonly name: string;
  /** What invokes it. */
  readonly kind: 'ws' | 'http' | 'events' | 'queues' | 'scheduled' | 'tables-streams' | 'customLambdas';
  /** What people call it: `default`, `get /`, `event likes`. */
  readonly label: string;
  /** Absolute path of its folder. */
  readonly sourceDir: string;
  /** `file.export`, as Lambda has it. */
  readonly handler: string;
  /** In Lambda's words: `nodejs24.x`, `python3.13`, `provided.al2023`. @default Node, as it runs here */
  readonly runtime?: string | undefined;
  /** What is run here in place of the runtime: a program that speaks Lambda's Runtime API, and its arguments. @default none */
  readonly command?: readonly string[] | undefined;
  /** Packages that stay outside of the build, beside those that cannot be in it. @default none */
  readonly external?: readonly string[];
  /** Folders that it imports as packages, or may not. @default none */
  readonly shared?: readonly SharedFolder[];
  readonly timeoutMs: number;
  readonly memoryMegabytes: number;
  /** Most environments at once; events that find none free wait. */
  readonly maxEnvironments: number;
  /** As Lambda's: events beyond so many at once are throttled, with 0 all of them. @default unthrottled */
  readonly reservedConcurrency?: number | undefined;
  /** How many events run beside each other in one environment. @default 1 */
  readonly environmentConcurrency?: number | undefined;
  /** What the handler sees beside what every process has. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a build has to know of a function. */
export type BuildTarget = Pick<RunnableFunction, 'kind' | 'sourceDir' | 'handler' | 'external' | 'shared'>;
