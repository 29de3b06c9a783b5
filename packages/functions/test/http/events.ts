import type { HttpEvent } from '@furrow/protocol';

/** An event of payload format 2.0, as API Gateway's HTTP APIs send it. */
export function event2(more: Partial<HttpEvent> = {}, method = 'GET'): HttpEvent {
  return {
    version: '2.0',
    routeKey: `${method} /`,
    rawPath: '/',
    rawQueryString: '',
    headers: { host: 'localhost:3333' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: { method, path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'r',
      routeKey: `${method} /`,
      stage: '$default',
      time: '19/Feb/2024:07:11:42 +0000',
      timeEpoch: 1_708_326_702_000,
    },
    isBase64Encoded: false,
    ...more,
  };
}

/** An event of payload format 1.0: of REST APIs without `version`, of HTTP APIs with it. */
export function event1(more: Readonly<Record<string, unknown>> = {}): HttpEvent {
  return {
    resource: '/',
    path: '/',
    httpMethod: 'GET',
    headers: { Host: 'localhost:3333' },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    ...more,
  } as unknown as HttpEvent;
}

export const base64 = (text: string | Uint8Array) => Buffer.from(text as string).toString('base64');
