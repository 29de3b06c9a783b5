/** What an `app.arc` says, checked and complete. Everything is plain data; paths are relative to the project and use `/`. */
export interface App {
  readonly name: string;
  /** The file it came from, relative to the project: `app.arc`, `.arc`, `arc.json`, `arc.yaml`, `package.json`. */
  readonly file: string;
  /** `undefined` when the app has no `@ws`. */
  readonly ws: readonly WsRoute[] | undefined;
  /** What selects the route of a message, in API Gateway's words. @default $request.body.action */
  readonly routeSelectionExpression: string;
  /** Who is asked before `$connect` whether a client may come in; `undefined`: nobody. */
  readonly authorizer: Authorizer | undefined;
  /** What every web socket event carries as `stageVariables`; empty when the app has none. */
  readonly stageVariables: Readonly<Record<string, string>>;
  /** What `@aws` lets through each web socket route that says nothing of its own. */
  readonly routeThrottle: Pick<FunctionSettings, 'throttlingRateLimit' | 'throttlingBurstLimit'>;
  /** `undefined` when the app has no `@http`. */
  readonly http: readonly HttpRoute[] | undefined;
  readonly static: StaticSettings;
  /** What `@architect/shared` is, relative to the project. @default src/shared */
  readonly sharedFolder: string;
  /** What `@architect/views` is. @default src/views */
  readonly viewsFolder: string;
  /** Where the app lives on AWS. */
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** Deploy bucket. */
  readonly bucket: string | undefined;
  /** The name that production answers to; with it comes a `certificate`. */
  readonly domain: string | undefined;
  /** The ARN of the domain's certificate, for the names below it too. */
  readonly certificate: string | undefined;
  /** Whether API Gateway puts each change of the web socket live by itself, one after the other. @default false */
  readonly autoDeploy: boolean;
  /** In the order of the manifest; empty when the app has no `@tables`. */
  readonly tables: readonly Table[];
  /** Topics that functions are subscribed to; empty when the app has no `@events`. */
  readonly events: readonly Topic[];
  readonly queues: readonly Queue[];
  readonly scheduled: readonly Scheduled[];
  /** Empty when no table has a stream. */
  readonly tablesStreams: readonly TableStream[];
  /** Functions of plugins that other code invokes by name; empty when there are none. */
  readonly customLambdas: readonly CustomLambda[];
  /** What plugins add to the variables of functions, by stage. */
  readonly variables: Readonly<Record<'testing' | 'staging' | 'production', Readonly<Record<string, string>>>>;
  /**
   * Every function: the authorizer, lifecycle handlers, custom routes, HTTP, then those of events, queues and schedules, in
   * the order of the manifest; last those of plugins that nothing invokes by itself.
   */
  readonly functions: readonly FunctionDefinition[];
}

export interface WsRoute {
  /** `$connect`, `$default`, `$disconnect`, or a custom route's own name. */
  readonly routeKey: string;
  readonly functionName: string;
}

/** An SNS topic whose messages a function gets. */
export interface Topic {
  /** As in `arc.events.publish({ name })`. */
  readonly name: string;
  /** `events/<name>` */
  readonly functionName: string;
}

/** An SQS queue whose messages a function gets. */
export interface Queue {
  /** As in `arc.queues.publish({ name })`. */
  readonly name: string;
  /** `queues/<name>` */
  readonly functionName: string;
  /** Whether messages of a group come one after the other, in their order. @default true */
  readonly isFifo: boolean;
  /** Messages that the function gets at once, 1 to 10,000; of a FIFO queue 10 at most. @default 10 */
  readonly batchSize: number;
  /** How long Lambda waits for a fuller batch, 0 to 300. @default 0 */
  readonly batchWindowSeconds: number;
}

/** A function that runs by the clock. */
export interface Scheduled {
  readonly name: string;
  /** `scheduled/<name>` */
  readonly functionName: string;
  /** In EventBridge's words: `rate(1 day)`, `cron(0 15 ? * FRI *)`. */
  readonly expression: string;
}

/** A function that runs on the changes of a table. */
export interface TableStream {
  readonly name: string;
  /** `tables-streams/<name>` */
  readonly functionName: string;
  /** One of the app's tables. @default the name of the stream */
  readonly tableName: string;
}

/** A function of a plugin that nothing invokes by itself. */
export interface CustomLambda {
  readonly name: string;
  /** `customLambdas/<name>` */
  readonly functionName: string;
}

/** A Lambda authorizer of type REQUEST. */
export interface Authorizer {
  /** `ws/authorizer` */
  readonly functionName: string;
  /** What a handshake must have, in API Gateway's words: `route.request.querystring.token`. Empty: it is always asked. */
  readonly identitySources: readonly string[];
}

export interface HttpRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options' | 'head' | 'any';
  /** As written: `/`, `/rooms/:id`, `/files/*`. */
  readonly path: string;
  readonly functionName: string;
}

export interface FunctionDefinition {
  /** Unique in the app: `ws/default`, `http/get-index`. */
  readonly name: string;
  readonly kind: 'ws' | 'http' | 'events' | 'queues' | 'scheduled' | 'tables-streams' | 'customLambdas';
  /** What people call it: `default`, `join`, `get /`, `event likes`. */
  readonly label: string;
  /** Its folder: `src/ws/default`, or what `src` says; of a plugin's function it may be outside of the project. */
  readonly sourceDir: string;
  readonly settings: FunctionSettings;
  /** The plugin that brings it, as `@plugins` names that; it is not there for functions of the manifest. */
  readonly plugin?: string;
  /** What its author wrote, where a plugin's runtime stands for another one; it is not there for others. */
  readonly authored?: {
    readonly sourceDir: string;
    readonly runtime: string;
    /** Where the plugin would build it. */
    readonly buildFolder: string | undefined;
  };
}

/** Settings of one function: `@aws` of the manifest, then the function's own `config.arc`. */
export interface FunctionSettings {
  /** Seconds, 1 to 900. @default 5 */
  readonly timeout: number;
  /** Megabytes, 128 to 10240. @default 1152 */
  readonly memory: number;
  /** @default nodejs24.x */
  readonly runtime: string;
  /** In the sandbox: the program that runs it in place of the runtime, and its arguments. @default none */
  readonly command: readonly string[];
  /** @default arm64 */
  readonly architecture: 'arm64' | 'x86_64';
  /** `file.export`. @default index.handler; in Python and Ruby `lambda.handler`, or what its folder has */
  readonly handler: string;
  /** Megabytes of /tmp, 512 to 10240. @default 512 */
  readonly storage: number;
  /** Reserved concurrency; `undefined` is unthrottled. */
  readonly concurrency: number | undefined;
  readonly provisionedConcurrency: number | undefined;
  /** How many events run beside each other in one environment, 1 to 1600. On AWS, Lambda runs one. @default 1 */
  readonly 'environment-concurrency': number;
  readonly layers: readonly string[];
  readonly policies: readonly string[];
  /** Routes of messages: whether the `body` of a result is sent to the client. False for all others. @default false */
  readonly routeResponse: boolean;
  /** Web socket routes: events a second that are let through; `undefined`, as for all others: API Gateway's own limit. */
  readonly throttlingRateLimit: number | undefined;
  /** Web socket routes: how many of them may come at once; `undefined`, as for all others: API Gateway's own limit. */
  readonly throttlingBurstLimit: number | undefined;
  /** Queues: whether messages keep their order. False for all others. @default true */
  readonly fifo: boolean;
  /** Days that its log is kept on AWS. @default 30 */
  readonly logRetention: number;
  /** Names of packages that are shipped beside it and not built into it. */
  readonly external: readonly string[];
  /** Whether it may use `@architect/shared`. @default true */
  readonly shared: boolean;
  /** Whether it may use `@architect/views`. @default true for get and any */
  readonly views: boolean;
  /** Whether the app's own environment variables are given to it. @default true */
  readonly env: boolean;
}

export interface StaticSettings {
  /** Whether there is a static folder at all (`@http` or `@static`, and not `@static false`). */
  readonly isServed: boolean;
  /** @default public */
  readonly folder: string;
  /** What the keys of the bucket, and so the paths below `/_static`, begin with: `assets`. @default none */
  readonly prefix: string | undefined;
  /** Files are left out whose paths contain one of these; some are always among them. */
  readonly ignore: readonly string[];
  /** Whether files are on AWS under names with a hash too; `external`: they have such names already. @default false */
  readonly fingerprint: boolean | 'external';
  /** Whether paths that name no file, and that no route is for, are answered with `index.html`. @default false */
  readonly spa: boolean;
  /** How files are kept in the bucket. @default as they are */
  readonly compression: 'br' | 'gzip' | undefined;
  /** Whether a deploy removes files of the bucket that the folder lacks. @default false */
  readonly prune: boolean;
  /** A bucket of the person's own for the files of this stage. @default one that the deploy makes */
  readonly staging: string | undefined;
  /** The same for this one. */
  readonly production: string | undefined;
}

/** A DynamoDB table. */
export interface Table {
  readonly name: string;
  readonly partitionKey: TableKey;
  readonly sortKey: TableKey | undefined;
  /** The attribute that says when an item expires, in seconds since 1970. */
  readonly ttl: string | undefined;
  /** Whether the table can be restored as it was at any second of the last 35 days. */
  readonly pointInTimeRecovery: boolean;
  /** `managed` is a key of AWS in the account; else the ARN of a KMS key. `undefined`: DynamoDB's own key. */
  readonly encryption: string | undefined;
  readonly indexes: readonly TableIndex[];
}

/** An attribute that items are found by. */
export interface TableKey {
  readonly name: string;
  readonly type: 'String' | 'Number' | 'Binary';
}

/** A global secondary index. */
export interface TableIndex {
  /** Unique for its table. @default the names of its keys and "index", joined by "-" */
  readonly name: string;
  readonly partitionKey: TableKey;
  readonly sortKey: TableKey | undefined;
  /** What items hold there beside the keys: everything, nothing, or these attributes. @default all */
  readonly projection: 'all' | 'keys' | readonly string[];
}

/** One thing wrong with a manifest, and where. Lines and columns count from 1. */
export interface Problem {
  /** `error` refuses the app; `warning` is said and the app runs. */
  readonly severity: 'error' | 'warning';
  /** Stable, documented in docs/reference/errors.md: `ROUTE_TWICE`. */
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters the caret underlines. */
  readonly length: number;
  readonly message: string;
  /** The way out, one sentence. */
  readonly fix: string;
  /** The text of the line. */
  readonly text: string;
}
