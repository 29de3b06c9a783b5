import type { Kit } from './kit.ts';

/** A manifest over the sources of the app: `main` is `app/app.arc`, others are `variants/<name>.arc`. */
export type Variant =
  | 'main'
  | 'authorizer'
  | 'auto-deploy'
  | 'bare'
  | 'broken'
  | 'by-hand'
  | 'expression-missing'
  | 'expression-nested'
  | 'expression-parts'
  | 'expression-static'
  | 'no-default'
  | 'refused'
  | 'stopped'
  | 'throttled'
  | 'variables';

/**
 * What a row needs beside a URL.
 *
 * - `clock`: one that can be moved, because nobody waits for ten minutes.
 * - `logs`: what functions and their failures print.
 * - `tools`: the command line, on this machine.
 * - `freeze`: environments that stand still between events.
 * - `other-host`: a second name, such as a custom domain.
 */
export type Need = 'clock' | 'logs' | 'tools' | 'freeze' | 'other-host';

interface Described {
  /** As in section N of the specification, and in PROTOCOL.md: `T012`. */
  readonly id: string;
  /** One sentence: given, when, then. */
  readonly rule: string;
  /** Where AWS says so, or who saw it: a URL, an issue (`aws/chalice#1768`), or `observed on AWS, 2024-02`. */
  readonly source: string;
  /** Whether AWS publishes nothing and nobody has shown what it does: then the rule is ours. @default false */
  readonly isOurChoice?: boolean;
}

/** A rule with the test that shows it. */
export interface TestedRow extends Described {
  readonly needs?: readonly Need[];
  /** @default main */
  readonly variant?: Variant;
  /** Rejects when the rule does not hold. */
  readonly run: (kit: Kit) => Promise<void>;
}

/** A rule of a part of API Gateway that Furrow does not offer. */
export interface LeftOutRow extends Described {
  readonly leftOut: string;
}

export type Row = TestedRow | LeftOutRow;
