import type { Identity } from '../aws/aws.ts';
import type { Plan } from '../plan/plan.ts';
import type { Target } from '../target.ts';

/** Where an app answers; a URL is absent when the app has no such thing. */
export interface Urls {
  readonly http: string | undefined;
  readonly webSocket: string | undefined;
  /** Where the names of the app's own domain must lead; empty without one. */
  readonly dns: readonly DnsTarget[];
}

export interface DnsTarget {
  /** `chat.example.com` */
  readonly name: string;
  /** API Gateway's: `d-abc123.execute-api.us-west-2.amazonaws.com`. */
  readonly target: string;
  /** The hosted zone of an alias in Route 53. */
  readonly zone: string | undefined;
}

/** Everything that deploying reports on its way, for whoever shows it. */
export type DeployEvent =
  /** Native packages for AWS's platform are fetched: `@img/sharp-linux-arm64@0.34.5`. */
  | { readonly type: 'installing'; readonly packages: readonly string[]; readonly platform: string }
  /** A hook of a plugin begins. */
  | { readonly type: 'plugin'; readonly plugin: string; readonly hook: string }
  /** A hook of a plugin has not ended for so long; it is waited for. */
  | { readonly type: 'plugin-slow'; readonly plugin: string; readonly hook: string; readonly seconds: number }
  | { readonly type: 'built'; readonly functions: readonly { readonly label: string; readonly bytes: number }[] }
  | {
      readonly type: 'target';
      readonly target: Target;
      readonly region: string;
      readonly account: Identity['account'];
    }
  /** Somebody's deploy is going on; this one waits for its end. */
  | { readonly type: 'joined'; readonly status: string }
  /** What a first deploy that failed has left is removed. */
  | { readonly type: 'clearing'; readonly status: string }
  | { readonly type: 'plan'; readonly plan: Plan; readonly isNew: boolean }
  /** Functions that use sessions, in a stage without the secret that sessions are encrypted with. */
  | { readonly type: 'secret-missing'; readonly target: Target; readonly labels: readonly string[] }
  /** Variables that were expected in the stage, and are not there. */
  | { readonly type: 'variables-missing'; readonly target: Target; readonly names: readonly string[] }
  /** Somebody else's deploy was faster; the next event is a new plan. */
  | { readonly type: 'overtaken' }
  | { readonly type: 'bucket'; readonly bucket: string }
  | { readonly type: 'uploaded'; readonly count: number; readonly of: number; readonly bytes: number }
  | {
      readonly type: 'resource';
      readonly elapsedMs: number;
      readonly logicalId: string;
      /** What it is in the app's own words; the logical id where it has none. */
      readonly what: string;
      /** CloudFormation's: `CREATE_COMPLETE`. */
      readonly status: string;
      readonly reason: string | undefined;
    }
  /** A function whose clients meet a published version, so that new code alone would do nothing. */
  | { readonly type: 'published'; readonly label: string }
  /** A function got its code without CloudFormation. */
  | { readonly type: 'code'; readonly label: string; readonly bytes: number; readonly isSame: boolean }
  | {
      readonly type: 'files';
      readonly put: number;
      readonly removed: number;
      readonly of: number;
      readonly extra: number;
      /** Keys of files that no browser could ask for; they are not sent. */
      readonly skipped: readonly string[];
    };

export type OnDeployEvent = (event: DeployEvent) => void;
