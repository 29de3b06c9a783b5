import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { signedHeaders } from '@furrow/protocol';
import type { Stage } from '../target.ts';

export interface RequestParts {
  readonly method?: string;
  /** Path and query as they go out, escapes untouched. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | undefined;
  /** Whether it is signed as `@connections` wants it. @default false */
  readonly isSigned?: boolean;
  /** What becomes of the signature before it is sent. */
  readonly tamper?: (authorization: string) => string;
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a TCP connection of its own. */
export function sendRequest(stage: Stage, parts: RequestParts): Promise<Answer> {
  const { method = 'GET', path, body = '' } = parts;
  const url = new URL(stage.managementUrl);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send({
      host: url.hostname,
      ...(stage.lookup !== undefined && { lookup: stage.lookup }),
      port: url.port,
      method,
      path,
      headers: headersOf(stage, url, parts),
      agent: false,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    request.end(body);
  });
}

function headersOf(stage: Stage, url: URL, parts: RequestParts): Record<string, string> {
  const { method = 'GET', path, headers = {}, body = '', isSigned = false, tamper = (text) => text } = parts;
  const own = { host: url.host, 'content-length': String(Buffer.byteLength(body)), ...headers };
  if (!isSigned) return own;
  const [plainPath = '', query = ''] = path.split('?');
  const request = { method, path: plainPath, query, headers: { host: url.host, ...headers }, body: Buffer.from(body) };
  const { credentials, region } = stage;
  const added = signedHeaders(request, { credentials, region, service: 'execute-api', atMs: stage.now() });
  const authorization = Object.entries(added).map(
    ([name, value]) => [name, name.toLowerCase() === 'authorization' ? tamper(value) : value] as const,
  );
  return { ...own, ...Object.fromEntries(authorization) };
}
