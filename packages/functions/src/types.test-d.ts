// Handlers stand here as users write them, and types are the only assertion.
/* oxlint-disable unicorn/consistent-function-scoping, vitest/expect-expect, eslint/no-underscore-dangle */
import { describe, expectTypeOf, test } from 'vitest';
import {
  default as arc,
  services,
  static as staticPath,
  ws,
  type HttpEvent,
  type HandlerContext,
  type HttpAsyncHandler,
  type HttpFunction,
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
  type HttpResult,
  type Payload,
  type Published,
  type ServiceError,
  type SendReport,
  type Services,
  type WsConnectEvent,
  type WsConnectHandler,
  type WsDisconnectEvent,
  type WsDisconnectHandler,
  type WsEvent,
  type WsHandler,
  type WsInfo,
  type WsMessageEvent,
  type WsMessageHandler,
  type WsResult,
} from './index.ts';

describe('arc', () => {
  test('has the named members', () => {
    expectTypeOf(arc.ws).toEqualTypeOf(ws);
    expectTypeOf(arc.services).toEqualTypeOf(services);
    expectTypeOf(arc.static).toEqualTypeOf(staticPath);
  });

  test('publishes with a promise or a callback', () => {
    expectTypeOf(arc.events.publish({ name: 'likes', payload: { a: 1 } })).toEqualTypeOf<Promise<Published>>();
    expectTypeOf(arc.queues.publish({ name: 'jobs', payload: 1, groupID: 'a' }, () => {})).toEqualTypeOf<undefined>();
    // @ts-expect-error: a topic has no groups
    void (() => arc.events.publish({ name: 'likes', payload: 1, groupID: 'a' }));
    // @ts-expect-error: without a payload
    void (() => arc.queues.publish({ name: 'jobs' }));
    expectTypeOf(arc.events.subscribe(async (payload: { a: number }) => payload.a)).returns.resolves.toBeUnknown();
  });
});

describe('ws', () => {
  test('promises without a callback, nothing with one', () => {
    expectTypeOf(ws.send({ id: 'x', payload: { text: 'hi' } })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(ws.send({ id: 'x', payload: '' }, () => {})).toEqualTypeOf<undefined>();
    expectTypeOf(ws.close({ id: 'x' })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(ws.info({ id: 'x' })).toEqualTypeOf<Promise<WsInfo>>();
    expectTypeOf(ws._api().GetConnection({ ConnectionId: 'x' })).toEqualTypeOf<Promise<WsInfo>>();
  });

  test('tells of a send to many whom it did not reach', () => {
    const ids: readonly string[] = ['x'];
    expectTypeOf(ws.send({ id: ids, payload: '' })).toEqualTypeOf<Promise<SendReport>>();
    expectTypeOf(ws.send({ id: ['x'], payload: '' }, () => {})).toEqualTypeOf<undefined>();
    ws.send({ id: ['x'], payload: '' }, (_error, report) => {
      expectTypeOf(report).toEqualTypeOf<SendReport | undefined>();
    });
    expectTypeOf<SendReport['gone']>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<SendReport['failed'][number]>().toEqualTypeOf<{ readonly id: string; readonly error: Error }>();
    // @ts-expect-error: a list of texts
    void (() => ws.send({ id: [5], payload: '' }));
    // @ts-expect-error: one at a time
    void (() => ws.close({ id: ['x'] }));
  });

  test('tells the callback its result', () => {
    ws.info({ id: 'x' }, (error, info) => {
      expectTypeOf(error).toEqualTypeOf<Error | null>();
      expectTypeOf(info).toEqualTypeOf<WsInfo | undefined>();
    });
  });

  test('takes JSON values, interfaces and bytes', () => {
    interface Note {
      text: string;
    }
    expectTypeOf<Note>().toExtend<Payload>();
    expectTypeOf<Buffer>().toExtend<Payload>();
    expectTypeOf<null>().toExtend<Payload>();
    expectTypeOf<undefined>().not.toExtend<Payload>();
    expectTypeOf<bigint>().not.toExtend<Payload>();
    expectTypeOf<symbol>().not.toExtend<Payload>();
  });

  test('needs an id and a payload', () => {
    // @ts-expect-error: no payload
    void (() => ws.send({ id: 'x' }));
    // @ts-expect-error: no id
    void (() => ws.close({}));
  });

  test('rejects with the fields of the AWS SDK', () => {
    expectTypeOf<ServiceError>().toExtend<Error>();
    expectTypeOf<ServiceError['statusCode']>().toBeNumber();
    expectTypeOf<ServiceError['$metadata']['httpStatusCode']>().toBeNumber();
  });
});

describe('events', () => {
  test('have what each route gives', () => {
    expectTypeOf<WsConnectEvent['requestContext']['eventType']>().toEqualTypeOf<'CONNECT'>();
    expectTypeOf<WsConnectEvent['headers']>().toEqualTypeOf<Readonly<Record<string, string>>>();
    expectTypeOf<WsMessageEvent['body']>().toBeString();
    expectTypeOf<WsDisconnectEvent['requestContext']['disconnectStatusCode']>().toBeNumber();
  });

  test('are told apart by eventType', () => {
    const read = (event: WsEvent) => {
      if (event.requestContext.eventType === 'DISCONNECT')
        expectTypeOf(event.requestContext.disconnectReason).toBeString();
    };
    expectTypeOf(read).toBeFunction();
  });
});

describe('handlers', () => {
  test('know their event', () => {
    const connect: WsConnectHandler = async (event) => {
      expectTypeOf(event).toEqualTypeOf<WsConnectEvent>();
      return { statusCode: event.headers['Origin'] === undefined ? 403 : 200 };
    };
    const message: WsMessageHandler = (event, context) => {
      expectTypeOf(event.body).toBeString();
      expectTypeOf(context.getRemainingTimeInMillis()).toBeNumber();
      return { statusCode: 200 };
    };
    const disconnect: WsDisconnectHandler = async () => {};
    expectTypeOf(connect).toExtend<WsHandler<WsConnectEvent>>();
    expectTypeOf(message).toExtend<WsHandler<WsMessageEvent>>();
    expectTypeOf(disconnect).toExtend<WsDisconnectHandler>();
  });

  test('must answer with a status', () => {
    expectTypeOf<{ body: string }>().not.toExtend<WsResult>();
    expectTypeOf<{ statusCode: 200; body: string }>().toExtend<WsResult>();
  });

  test('of http may answer with a type', () => {
    const page: HttpFunction = async (event) => {
      expectTypeOf(event).toEqualTypeOf<HttpEvent>();
      return { type: 'text/html; charset=utf8', body: '<h1>hi</h1>' };
    };
    expectTypeOf(page).toExtend<HttpFunction>();
    expectTypeOf<{ statusCode: 302; headers: { location: string } }>().toExtend<HttpResult>();
  });
});

test('services are nested texts', () => {
  expectTypeOf(services()).toEqualTypeOf<Promise<Services>>();
  expectTypeOf<{ ws: { wss: string } }>().toExtend<Services>();
});

declare const event: HttpEvent;
declare const connectEvent: WsConnectEvent;
declare const context: HandlerContext;

describe('http', () => {
  test('middleware with callbacks knows what it is given', () => {
    const handler = arc.http((req, res, next) => {
      expectTypeOf(req).toEqualTypeOf<HttpRequest>();
      expectTypeOf(req.params).toEqualTypeOf<Record<string, string>>();
      expectTypeOf(req.requestContext.http.method).toBeString();
      if (req.session['account']) return next();
      res({ location: '/login' });
      res(new Error('or this'));
      // @ts-expect-error: no status
      res({ statusCode: 'ok' });
    });
    expectTypeOf(handler).toBeFunction();
    expectTypeOf(handler(event)).toEqualTypeOf<Promise<HttpResult>>();
    expectTypeOf(handler(event, context, () => {})).toEqualTypeOf<undefined>();
  });

  test('async middleware returns an answer, a request or nothing', () => {
    const guard: HttpAsyncHandler = async (req) => (req.session['account'] ? undefined : { location: '/login' });
    const handler = arc.http.async(
      guard,
      async (req) => req,
      async () => {},
      async (req, { awsRequestId }) => {
        expectTypeOf(awsRequestId).toBeString();
        return { json: { name: req.body.name }, session: { ...req.session, seen: true } };
      },
    );
    expectTypeOf(handler(event, context)).toEqualTypeOf<Promise<HttpResult>>();
    expectTypeOf(handler).toExtend<HttpFunction>();
    // @ts-expect-error: not an answer
    void (() => arc.http.async(async () => ({ html: 7 })));
  });

  test('what a body is may be said', () => {
    type Note = HttpRequest<{ text: string }>;
    const note = async (req: Note): Promise<HttpResponse> => ({ text: req.body.text });
    expectTypeOf(arc.http.async(note)).toBeFunction();
    expectTypeOf<Note['body']>().toEqualTypeOf<{ text: string }>();
  });

  test('both styles have the names of Architect', () => {
    const callback: HttpHandler = (req, res) => res({ text: req.path });
    expectTypeOf(arc.http(callback, callback)).toBeFunction();
    const async: HttpAsyncHandler = async (req) => ({ text: req.path });
    expectTypeOf(arc.http(async, async)(event, context)).toEqualTypeOf<Promise<HttpResult>>();
  });

  test('sessions are read from requests and from connect', () => {
    expectTypeOf(arc.http.session.read(connectEvent)).toExtend<Promise<Record<string, unknown>>>();
    expectTypeOf(arc.http.session.read(event)).toExtend<Promise<Record<string, unknown>>>();
    expectTypeOf(arc.http.session.read({}, () => {})).toEqualTypeOf<undefined>();
    expectTypeOf(arc.http.session.write({ a: 1 })).toEqualTypeOf<Promise<string>>();
    expectTypeOf(arc.http.csrf.verify).parameter(0).toBeString();
  });
});
