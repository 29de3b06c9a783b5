/**
 * What an `@http` function gets: a request of API Gateway's HTTP API in payload format 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html (read 2026-11)
 */
export interface HttpEvent {
  readonly version: '2.0';
  /** `GET /rooms/{id}`. */
  readonly routeKey: string;
  /** Decoded, in spite of its name. */
  readonly rawPath: string;
  /** Without `?`; empty when there is no query. */
  readonly rawQueryString: string;
  /** `name=value` each. */
  readonly cookies?: readonly string[];
  /** Lower-case names; several values are joined by commas; never `cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded; several values are joined by commas. */
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly requestContext: HttpRequestContext;
  readonly body?: string;
  /** Whether `body` is base64, as it is for anything but text. */
  readonly isBase64Encoded: boolean;
}

export interface HttpRequestContext {
  readonly accountId: string;
  readonly apiId: string;
  readonly domainName: string;
  readonly domainPrefix: string;
  readonly http: {
    readonly method: string;
    readonly path: string;
    readonly protocol: string;
    readonly sourceIp: string;
    readonly userAgent: string;
  };
  readonly requestId: string;
  readonly routeKey: string;
  readonly stage: string;
  /** `19/Feb/2024:07:11:42 +0000`, always UTC. */
  readonly time: string;
  /** Milliseconds since 1970. */
  readonly timeEpoch: number;
}
