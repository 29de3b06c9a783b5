import assert from 'node:assert/strict';

const tail = /^[A-Za-z0-9_-]{15}="\}$/;

/** Whether a text is this error of API Gateway, to the byte. @returns its requestId */
export function assertErrorFrame(text: string, message: string, connectionId: string): string {
  const start = `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"`;
  assert.equal(text.slice(0, start.length), start);
  assert.match(text.slice(start.length), tail);
  return JSON.parse(text).requestId;
}
