import { convertToAttr, convertToNative } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, MarshallOptions, UnmarshallOptions } from '../tables/table-types.ts';

/** How AWS's own package writes and reads values. The signatures are ours: its types are not installed with us. */
export interface ValueConverter {
  readonly write: (value: unknown, options: MarshallOptions) => AttributeValue;
  readonly read: (value: AttributeValue, options: UnmarshallOptions) => unknown;
}

// The package's own types know more kinds of values than come here.
// oxlint-disable typescript/no-explicit-any
const toAttribute: (value: any, options: any) => any = convertToAttr;
const toNative: (value: any, options: any) => unknown = convertToNative;
// oxlint-enable typescript/no-explicit-any

export const converter: ValueConverter = { write: toAttribute, read: toNative };
