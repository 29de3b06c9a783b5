/** What middleware gave: users without types may give anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** What of a request an answer depends on. */
export interface Asker {
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
}

/** A result on its way: what nobody had to look into yet is as it was given, and the body may still be bytes. */
export interface Draft {
  readonly statusCode: unknown;
  readonly headers: Fields;
  readonly body: unknown;
  readonly isBase64Encoded?: true;
  readonly cookies?: unknown;
  readonly multiValueHeaders?: unknown;
}
