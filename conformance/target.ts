import type { LookupFunction } from 'node:net';
import type { Variant } from './row.ts';

/** A stage of the app, as its clients and handlers reach it: a black box. */
export interface Stage extends AsyncDisposable {
  /** `wss://abcdef1234.execute-api.us-west-2.amazonaws.com/staging` */
  readonly url: string;
  /** `https://abcdef1234.execute-api.us-west-2.amazonaws.com/staging` */
  readonly managementUrl: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** What functions printed and failed with so far; `undefined` where nobody can see it. */
  readonly logs?: () => string;
  /** Moves the clock; `undefined` where it is the world's. */
  readonly advance?: (ms: number) => Promise<void>;
  /** Milliseconds since 1970, as the stage sees it. */
  readonly now: () => number;
  /** Whether environments stand still between events. */
  readonly freezes: boolean;
  /** Time after which what has not come will not come, in milliseconds. */
  readonly quietMs: number;
  /** Another host, and port, that clients may name. */
  readonly otherHost?: string;
  /** Where the name of the URL leads. @default what the system says */
  readonly lookup?: LookupFunction;
}

export interface Target {
  readonly name: 'sandbox' | 'emulator' | 'aws';
  /** Opens a stage of the app; a text says why there is none. */
  readonly open: (variant: Variant) => Promise<Stage | string>;
  /** What is made on this machine; `undefined` where that is no matter of the target. */
  readonly tools?: Tools;
  /** What this target does otherwise than AWS, by id: those rows are skipped, with this reason. */
  readonly gaps: ReadonlyMap<string, string>;
}

export interface Tools {
  /** The template that `arc package` makes of the app. */
  readonly template: (variant: Variant) => Promise<CloudFormation>;
  /** Runs a command line in the folder of the app. */
  readonly arc: (words: readonly string[]) => Promise<{ readonly exitCode: number; readonly errors: string }>;
}

/** A template, as far as rows look at it. */
export interface CloudFormation {
  readonly Resources: Readonly<Record<string, CloudFormationResource>>;
}

export interface CloudFormationResource {
  readonly Type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each row knows its resources
  readonly Properties?: any;
  readonly DependsOn?: readonly string[];
}
