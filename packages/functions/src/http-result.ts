/** What an `@http` function may return. */
export interface HttpResult {
  /** @default 200 */
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  /** One `Set-Cookie` header each. */
  readonly cookies?: readonly string[];
  readonly body?: string;
  /** @default false */
  readonly isBase64Encoded?: boolean;
  /** The content type, as in `{ type: 'text/html; charset=utf8', body }`. */
  readonly type?: string;
}
