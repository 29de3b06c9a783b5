/** Why the gateway itself answers a message, with the text that AWS puts into the frame. */
export const frameErrors = {
  forbidden: 'Forbidden',
  internal: 'Internal server error',
  timedOut: 'Endpoint request timed out',
  tooManyRequests: 'Too Many Requests',
} as const;

export type FrameError = keyof typeof frameErrors;

/** The text frame that a client gets instead of a handler's answer: AWS's bytes, its odd spacing included (facts C8, C10, C11). */
export function errorFrame(error: FrameError, connectionId: string, requestId: string): string {
  return `{"message": "${frameErrors[error]}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}
