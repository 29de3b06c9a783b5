const kilobyte = 1024;

/**
 * What API Gateway and Lambda enforce, and therefore what every gateway here enforces.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html (read 2026-11)
 */
export const limits = {
  /** Silence in both directions after which a connection is closed with 1001. */
  idleTimeoutMs: 10 * 60_000,
  /** Longest life of a connection, whatever its traffic; then 1001. */
  connectionLifetimeMs: 2 * 60 * 60_000,
  /** Longest wait of the gateway for a handler; the handler itself may run on. */
  integrationTimeoutMs: 29_000,
  /** Longest payload of one frame from a client; the next byte closes with 1009. */
  maxFrameBytes: 32 * kilobyte,
  /** Longest message in either direction: 1009 from a client, 413 from `@connections`. */
  maxMessageBytes: 128 * kilobyte,
  /** Longest handler result. @see RIE `6*1024*1024+100` */
  maxResultBytes: 6 * 1024 * kilobyte + 100,
  /** All headers of a handshake together, names and values (fact E22). */
  maxHandshakeHeaderBytes: 10 * kilobyte,
  /** Longest URL of a handshake, query included. */
  maxUrlLength: 4096,
  /** Longest body of an HTTP API request. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (read 2026-11) */
  maxHttpBodyBytes: 10 * 1024 * kilobyte,
} as const;
