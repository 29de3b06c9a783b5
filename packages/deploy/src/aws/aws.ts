/**
 * What the operations need of AWS, in their own words: one interface for each service, implemented by the file of the
 * same name, which alone imports the SDK's client.
 *
 * Every call may throw a `UserError` of `failure.ts` (no credentials, expired, denied, throttled, unreachable). Other
 * refusals that an operation can go on from are values.
 */
export interface Aws extends Disposable {
  readonly region: string;
  /** Who calls. */
  identity(): Promise<Identity>;
  readonly stacks: Stacks;
  readonly objects: Objects;
  readonly functions: Functions;
  readonly parameters: ParameterStore;
  readonly logs: Logs;
}

export interface Identity {
  readonly account: string;
}

export interface Stack {
  readonly name: string;
  /** `arn:aws:cloudformation:...` */
  readonly id: string;
  /** `CREATE_COMPLETE`, `UPDATE_IN_PROGRESS`, ... */
  readonly status: string;
  readonly statusReason: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  /** Values that NoEcho hides are `****`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  readonly updatedAtMs: number | undefined;
  /** Whether AWS refuses to delete it. */
  readonly isProtected: boolean;
}

export interface StackResource {
  readonly logicalId: string;
  /** `AWS::Lambda::Function` */
  readonly type: string;
  readonly physicalId: string;
  readonly status: string;
}

export interface StackEvent {
  readonly id: string;
  readonly atMs: number;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
}

/** One line of a change set. */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove' | 'Import' | 'Dynamic';
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly replacement: 'True' | 'Conditional' | 'False' | undefined;
  /** Names of the properties that change by themselves: `Code`, `MemorySize`. */
  readonly properties: readonly string[];
  /**
   * With `Conditional`: the resources that it refers to and that alone decide whether it is replaced. Empty when
   * something else may decide.
   */
  readonly follows: readonly string[];
}

export type ChangeSet =
  | { readonly type: 'ready'; readonly name: string; readonly changes: readonly ResourceChange[] }
  /** Nothing differs. */
  | { readonly type: 'empty'; readonly name: string }
  /** CloudFormation found a fault in the template. */
  | { readonly type: 'failed'; readonly name: string; readonly reason: string };

export interface ChangeSetInput {
  readonly stackName: string;
  /** Unique. */
  readonly name: string;
  readonly isNew: boolean;
  /** The template itself (up to 51,200 bytes), or where it is. */
  readonly template: { readonly body: string } | { readonly url: string };
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether plugins have changed the template. @default false */
  readonly isOfPlugins?: boolean;
}

export interface Stacks {
  /** `undefined` when there is no such stack. */
  describe(stackName: string): Promise<Stack | undefined>;
  /** Names and states of all stacks that have not been deleted. */
  list(): Promise<readonly { readonly name: string; readonly status: string }[]>;
  /** The template as it was handed in (`Original`); `undefined` when there is none yet. */
  template(stackName: string): Promise<string | undefined>;
  resources(stackName: string): Promise<readonly StackResource[]>;
  /** Creates a change set and waits until CloudFormation has computed it. */
  createChangeSet(input: ChangeSetInput): Promise<ChangeSet>;
  /** `overtaken`: somebody else's change was faster, and this one cannot be done any more. */
  executeChangeSet(stackName: string, name: string): Promise<'begun' | 'overtaken'>;
  deleteChangeSet(stackName: string, name: string): Promise<void>;
  /** Events newer than `afterId`, oldest first; all of them when it is absent, or not known any more. */
  events(stackName: string, afterId?: string): Promise<readonly StackEvent[]>;
  /** The newest event, so that later ones can be told; `undefined` for a stack without any. */
  newestEventId(stackName: string): Promise<string | undefined>;
  /** Begins deleting. */
  remove(stackName: string): Promise<void>;
}

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** Without quotes; the MD5 of an object that was put in one piece. */
  readonly etag: string;
}

/** A file that is sent from the disk, not read whole. */
export interface FileBody {
  readonly path: string;
  readonly bytes: number;
}

export interface Objects {
  /** `forbidden` is somebody else's bucket (when `owner`, an account, is given), or no right to look. */
  headBucket(bucket: string, owner?: string): Promise<'exists' | 'missing' | 'forbidden'>;
  /** Private, encrypted, with its lifecycle. `taken`: the name belongs to somebody. */
  createBucket(bucket: string): Promise<'created' | 'taken'>;
  has(bucket: string, key: string): Promise<boolean>;
  put(
    bucket: string,
    key: string,
    object: {
      readonly body: Buffer | FileBody;
      readonly contentType?: string;
      readonly contentEncoding?: string;
      readonly cacheControl?: string;
    },
  ): Promise<void>;
  list(bucket: string, options?: { readonly most?: number }): Promise<readonly StoredObject[]>;
  remove(bucket: string, keys: readonly string[]): Promise<void>;
  /** Removes every object, old versions included, then the bucket. `missing` is fine. */
  removeBucket(bucket: string): Promise<void>;
  /** Removes every object, old versions included. */
  emptyBucket(bucket: string): Promise<void>;
  /** `https://s3.us-west-2.amazonaws.com/bucket/key`, as CloudFormation wants a template's URL. */
  urlOf(bucket: string, key: string): string;
}

export interface FunctionState {
  readonly codeSha256: string;
  readonly codeBytes: number;
  readonly runtime: string;
  readonly modifiedAtMs: number | undefined;
  /** `Successful`, `InProgress`, `Failed`. */
  readonly lastUpdateStatus: string;
  readonly lastUpdateReason: string | undefined;
}

export interface Functions {
  /** `undefined` when there is no such function. */
  state(functionName: string): Promise<FunctionState | undefined>;
  /**
   * Hands code over, the zip itself (up to 50 MB) or where it lies; wait for `state().lastUpdateStatus`. `busy`: an update
   * is in progress.
   */
  updateCode(
    functionName: string,
    code: Buffer | { readonly bucket: string; readonly key: string },
  ): Promise<'accepted' | 'busy' | 'missing'>;
}

export interface StoredParameter {
  /** Full: `/testapp/staging/KEY` */
  readonly name: string;
  readonly value: string;
  readonly modifiedAtMs: number | undefined;
}

export interface ParameterStore {
  get(name: string): Promise<string | undefined>;
  /** Decrypted, all pages. */
  list(path: string): Promise<readonly StoredParameter[]>;
  /** As SecureString, over what was there. */
  put(name: string, value: string): Promise<void>;
  remove(names: readonly string[]): Promise<void>;
}

export interface LogLine {
  readonly id: string;
  readonly atMs: number;
  readonly group: string;
  readonly text: string;
}

export interface LogsPageOptions {
  readonly sinceMs: number;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

export interface LogsPage {
  readonly lines: readonly LogLine[];
  /** What asks for the next page; `undefined` after the last. */
  readonly next: string | undefined;
}

export interface Logs {
  /**
   * Lines since then, oldest first, one page of them. It may be empty and have a next one; a group that is not there yet
   * has none.
   */
  page(group: string, options: LogsPageOptions): Promise<LogsPage>;
}

/** One call of AWS, as an observer hears of it. */
export interface AwsCall {
  /** `CloudFormation`, `S3`, `Lambda`, `SSM`, `STS`, `CloudWatchLogs` */
  readonly service: string;
  /** `CreateChangeSet` */
  readonly operation: string;
}
