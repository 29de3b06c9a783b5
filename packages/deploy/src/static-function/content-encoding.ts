import { brotliDecompressSync, gunzipSync } from 'node:zlib';

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = { br: brotliDecompressSync, gzip: gunzipSync };

/** Whether an `accept-encoding` takes a content encoding. Pure. */
export function accepts(header: string | undefined, encoding: string): boolean {
  const items = (header ?? '').toLowerCase().split(',').map(parseItem);
  const named = items.find(({ name }) => name === encoding) ?? items.find(({ name }) => name === '*');
  return named !== undefined && named.quality > 0;
}

function parseItem(item: string): { readonly name: string; readonly quality: number } {
  const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { name, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
}

/** What a client gets of a stored body: it as it is where the client takes its encoding, else what it holds. Pure. */
export function encodeFor(
  acceptEncoding: string | undefined,
  { body, encoding }: { readonly body: Buffer; readonly encoding: string | null },
): { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> } {
  if (encoding === null) return { body, headers: {} };
  const headers = { vary: 'accept-encoding' };
  const decode = accepts(acceptEncoding, encoding) ? undefined : decoders[encoding];
  if (decode === undefined) return { body, headers: { ...headers, 'content-encoding': encoding } };
  return { body: decode(body), headers };
}
