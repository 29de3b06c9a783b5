/**
 * Close codes and reasons that API Gateway sends or reports.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html (read 2026-11)
 */
export const closeCodes = {
  deleted: { code: 1000, reason: 'Connection Closed Normally' },
  goingAway: { code: 1001, reason: 'Going away' },
  protocolError: { code: 1002, reason: '' },
  binaryRefused: { code: 1003, reason: '' },
  /** Reported only: the client's close frame had no code. */
  noStatus: { code: 1005, reason: 'Client-side close frame status not set' },
  /** Reported only: the TCP connection ended without a close frame. */
  abnormal: { code: 1006, reason: '' },
  invalidText: { code: 1007, reason: '' },
  tooManyRequests: { code: 1008, reason: '' },
  tooBig: { code: 1009, reason: '' },
  internalError: { code: 1011, reason: '' },
  serviceRestart: { code: 1012, reason: '' },
} as const;

export interface CloseStatus {
  readonly code: number;
  readonly reason: string;
}

/** The status that a disconnect event reports for what a client's close frame said; `1005` means that it said nothing. */
export function reportedClose(code: number, reason: string): CloseStatus {
  return code === closeCodes.noStatus.code ? closeCodes.noStatus : { code, reason };
}
