import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { HttpResult } from '../../src/index.ts';

/** A result as API Gateway reads it: as JSON, its body as what the client would see of it. */
export function seen(result: HttpResult): Readonly<Record<string, unknown>> {
  const sent: HttpResult & { readonly headers: Record<string, string> } = JSON.parse(JSON.stringify(result));
  const { body, headers, isBase64Encoded = false } = sent;
  if (typeof body !== 'string' || !isBase64Encoded) return { ...sent };
  return { ...sent, body: decompress(Buffer.from(body, 'base64'), headers['content-encoding']).toString('latin1') };
}

function decompress(bytes: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'br') return brotliDecompressSync(bytes);
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes;
}
