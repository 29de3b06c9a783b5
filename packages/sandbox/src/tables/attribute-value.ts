import { inspect } from 'node:util';

/** A value as DynamoDB's JSON has it: `{ S: 'text' }`. */
export type AttributeValue = Readonly<Record<string, unknown>>;

/**
 * A value of JavaScript as DynamoDB's JSON has it; members that are `undefined` are left out.
 *
 * @throws {TypeError} when DynamoDB has nothing like it: functions, dates and other objects with a class, `NaN`.
 */
export function attributeValue(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return { N: String(value) };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(attributeValue) };
  if (value instanceof Uint8Array) return { B: base64(value) };
  if (value instanceof Set) return setValue([...value]);
  if (isPlain(value)) return { M: attributes(value) };
  throw new TypeError(`DynamoDB has no value like ${inspect(value)}.`);
}

/** Each member of an item as DynamoDB's JSON has it. @throws {TypeError} as `attributeValue` does. */
export function attributes(item: object): Readonly<Record<string, AttributeValue>> {
  const members: [string, unknown][] = Object.entries(item);
  const present = members.filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, attributeValue(value)]));
}

function setValue(values: readonly unknown[]): AttributeValue {
  if (values.length > 0) {
    if (values.every((value) => typeof value === 'string')) return { SS: values };
    if (values.every((value) => typeof value === 'number' || typeof value === 'bigint'))
      return { NS: values.map(String) };
    if (values.every((value) => value instanceof Uint8Array)) return { BS: values.map(base64) };
  }
  throw new TypeError('A set of DynamoDB has texts, numbers or bytes, at least one, and all of one type.');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
