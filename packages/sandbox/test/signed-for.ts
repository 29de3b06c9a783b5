/** Headers of a request that a key signed which nobody knows; they are believed on this machine. */
export function signedFor(service: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const credential = `other/${date.slice(0, 8)}/us-west-2/${service}/aws4_request`;
  return {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': date,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`,
    ...more,
  };
}
