import { isRecord } from '../answer.ts';
import { errors } from '../errors.ts';
import type { ValueConverter } from '../vendor/util-dynamodb.ts';
import type { Change } from './operations.ts';
import type { AttributeValue, MarshallOptions, TablesOptions, UnmarshallOptions } from './table-types.ts';

/** How the values of one call are written and read. */
export interface Codec {
  readonly encode: Change;
  readonly decode: Change;
}

/** Plain objects, but for `LastEvaluatedKey`: Architect's library 8 gives that as DynamoDB does. */
export function itemCodec(converter: ValueConverter, options: TablesOptions): Codec {
  const whole = documentCodec(converter, options);
  return {
    encode: whole.encode,
    decode: (value, member) => (member === 'LastEvaluatedKey' ? value : whole.decode(value, member)),
  };
}

/** Plain objects throughout, as the document client of the AWS SDK has them. */
export function documentCodec({ write, read }: ValueConverter, options: TablesOptions): Codec {
  const writing: MarshallOptions = { ...options.awsjsonMarshall };
  const reading: UnmarshallOptions = { ...options.awsjsonUnmarshall };

  function writeValue(value: unknown, place: string): AttributeValue {
    try {
      return write(value, writing);
    } catch (error) {
      throw errors.itemUnstorable(place, error);
    }
  }

  /** What is undefined, or a function, is no attribute. */
  function writeMembers(value: unknown, member: string): AttributeValue {
    const attributes = membersOf(value, member).filter(([, one]) => one !== undefined && typeof one !== 'function');
    return Object.fromEntries(
      attributes.map(([name, one]) => {
        // A page's key is in either form: what a key is made of is never a map.
        const isWritten = member === 'ExclusiveStartKey' && isKeyAttribute(one);
        return [name, isWritten ? one : writeValue(one, `${member}.${String(name)}`)];
      }),
    );
  }

  return {
    encode: (value, member) => (member === 'Parameters' ? writeValue(value, member) : writeMembers(value, member)),
    decode: (value) => read({ M: mapValues(value, readBytes) }, reading),
  };
}

/** DynamoDB's own form, where only bytes are not as they travel. */
export const plainCodec: Codec = {
  encode: (value) => value,
  decode: (value) => mapValues(value, readBytes),
};

function isKeyAttribute(value: unknown): boolean {
  return isRecord(value) && ['S', 'N', 'B'].some((type) => Object.hasOwn(value, type));
}

/** Of a plain object, an instance of a class or a `Map`. */
function membersOf(value: unknown, member: string): readonly (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value];
  if (!isRecord(value) || Array.isArray(value) || value instanceof Set || isBytes(value))
    throw errors.itemInvalid(member, value);
  return Object.entries(value);
}

/** JSON has no bytes: they travel as Base64. */
export function encodeJson(input: object): string {
  return JSON.stringify(input, function replace(this: Readonly<Record<string, unknown>>, key, value: unknown) {
    // A Buffer has been made an object by the time it comes here.
    const original = this[key];
    return isBytes(original) ? toBase64(original) : value;
  });
}

function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function toBase64(bytes: ArrayBuffer | ArrayBufferView): string {
  const view = ArrayBuffer.isView(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Buffer.from(bytes);
  return view.toString('base64');
}

function readBytes(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { B, BS, L, M } = value;
  if (typeof B === 'string') return { B: fromBase64(B) };
  if (Array.isArray(BS)) return { BS: BS.map(fromBase64) };
  if (Array.isArray(L)) return { L: L.map(readBytes) };
  return isRecord(M) ? { M: mapValues(M, readBytes) } : value;
}

/** A plain array of its own memory, as from the AWS SDK. */
function fromBase64(text: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(String(text), 'base64'));
}

function mapValues(value: unknown, change: (one: unknown) => unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one)]));
}
