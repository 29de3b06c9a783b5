/** One call of `@connections`, so plain that it can be handed to a handler or to another language. */
export interface Call {
  readonly type: 'post' | 'get' | 'delete';
  readonly id: string;
  /** What is posted. */
  readonly data?: string;
  /** How often `data` stands there. @default 1 */
  readonly times?: number;
}

/** What a client made of the answer. */
export type Answer =
  | { readonly type: 'done'; readonly statusCode: number }
  | {
      readonly type: 'info';
      /** ISO 8601, if the client made it a date; otherwise what it made of it. */
      readonly connectedAt: unknown;
      readonly lastActiveAt: unknown;
      readonly identity: unknown;
    }
  | {
      readonly type: 'failed';
      /** Of AWS: `GoneException`. */
      readonly name: string;
      readonly statusCode: number | undefined;
      readonly message: string;
    };

/** Makes all these calls at the same time. */
export type Caller = (calls: readonly Call[]) => Promise<readonly Answer[]>;

/** A caller that is somewhere else: in a handler, in another process. */
export interface OpenCaller extends AsyncDisposable {
  readonly call: Caller;
}

/** What a handler that makes calls is told by a message; it answers with a message. */
export interface CallMessage {
  readonly action: string;
  /** `{domainName}` and `{stage}` are filled in; without one the client finds it by itself. */
  readonly endpoint?: string | undefined;
  readonly calls: readonly Call[];
}
