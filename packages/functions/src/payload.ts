import { describeValue, errors } from './errors.ts';

/** What `arc.ws.send` takes: text, bytes or any JSON value. Types cannot tell functions from objects; a function rejects. */
export type Payload = string | number | boolean | null | object;

/** A longer message is not remembered; no gateway takes one. */
const maxRememberedBytes = 128 * 1024;

/** The last message: a loop that sends the same to many encodes it once. */
let last: { readonly text: string; readonly bytes: Buffer } = { text: '', bytes: Buffer.alloc(0) };

/**
 * The bytes of one text message: strings and bytes as they are, everything else as JSON. Nobody may write into them.
 *
 * @throws {PAYLOAD_INVALID} when the value has no JSON form: undefined, functions, symbols, BigInt, cycles.
 */
export function encodePayload(payload: unknown): Buffer {
  if (typeof payload === 'string') return encodeText(payload);
  if (isBytes(payload)) return Buffer.from(payload);
  if (ArrayBuffer.isView(payload) || tagOf(payload) === '[object ArrayBuffer]')
    throw errors.payloadInvalid(`${describeValue(payload)}; wrap it in a Buffer`);
  return encodeText(encodeJson(payload));
}

function encodeText(text: string): Buffer {
  if (text === last.text) return last.bytes;
  const bytes = Buffer.from(text);
  if (bytes.length <= maxRememberedBytes) last = { text, bytes };
  return bytes;
}

/** By tag, not by `instanceof`: a test runner's `Uint8Array` may be another realm's. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === '[object Uint8Array]';
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

function encodeJson(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    throw errors.payloadInvalid(`${describeValue(value)} that JSON.stringify refuses${reason(error)}`, error);
  }
  if (json === undefined) throw errors.payloadInvalid(describeValue(value));
  return json;
}

/** The first line only: V8 draws a cycle over several. */
function reason(error: unknown): string {
  return error instanceof Error ? ` (${error.message.split('\n', 1)[0]})` : '';
}
