import { isBinaryType } from './binary-types.ts';
import type { Asker, Draft, Fields } from './draft.ts';

type Encoding = 'br' | 'gzip';

/** Above this brotli takes far longer than what it saves takes to send. */
const brotliQuality = 5;

/** The result with its body as text: compressed where the client takes that, and in base64 where it is bytes. */
export function encodeBody(asker: Asker, draft: Draft, { compression }: Fields): Draft {
  const { body, headers } = draft;
  const isBinary = isBinaryType(headers['content-type']);
  if (body instanceof Uint8Array) {
    const encoding = isBinary ? undefined : chooseEncoding(asker, draft, compression);
    return encoding ? compressed(draft, body, encoding) : inBase64(draft, body);
  }
  if (typeof body !== 'string') return draft;
  // Its author encoded it: bytes have no other form as text.
  if (isBinary) return { ...draft, isBase64Encoded: true };
  const encoding = body === '' ? undefined : chooseEncoding(asker, draft, compression);
  return encoding ? compressed(draft, Buffer.from(body), encoding) : draft;
}

/** REST APIs, whose events have no version, compress by themselves. */
function chooseEncoding(asker: Asker, draft: Draft, compression: unknown): Encoding | undefined {
  const isFinal = draft.isBase64Encoded === true || draft.headers['content-encoding'] !== undefined;
  if (!asker.version || isFinal || compression === false) return undefined;
  const { headers } = asker;
  const accepted = parseAccepted(headers?.['accept-encoding'] || headers?.['Accept-Encoding'] || '');
  const wanted = compression === 'gzip' ? (['gzip', 'br'] as const) : (['br', 'gzip'] as const);
  return wanted.find((encoding) => accepted.has(encoding));
}

function parseAccepted(header: string): ReadonlySet<string> {
  const parts = header.split(',').map((part) =>
    part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  );
  return new Set(parts.filter(([, ...parameters]) => !isRefused(parameters)).map(([name = '']) => name));
}

function isRefused(parameters: readonly string[]): boolean {
  return parameters.some((one) => /^q=0(?:\.0*)?$/.test(one));
}

function compressed(draft: Draft, body: Uint8Array, encoding: Encoding): Draft {
  const { brotliCompressSync, gzipSync, constants } = process.getBuiltinModule('node:zlib');
  const bytes =
    encoding === 'gzip'
      ? gzipSync(body)
      : brotliCompressSync(body, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
            [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
          },
        });
  return inBase64({ ...draft, headers: { ...draft.headers, 'content-encoding': encoding } }, bytes);
}

function inBase64(draft: Draft, bytes: Uint8Array): Draft {
  return { ...draft, body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true };
}
