// Handlers stand here as users write them, and types are the only assertion.
/* oxlint-disable unicorn/consistent-function-scoping, vitest/expect-expect, eslint/no-underscore-dangle */
import { describe, expectTypeOf, test } from 'vitest';
import {
  default as arc,
  services,
  static as staticPath,
  ws,
  type HttpEvent,
  type HttpHandler,
  type HttpResult,
  type NotOffered,
  type Payload,
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

  test('refuses what is not offered', () => {
    expectTypeOf<NotOffered>().toEqualTypeOf<typeof arc.queues>();
    // @ts-expect-error: not offered yet
    void (() => arc.events.publish({}));
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
    const page: HttpHandler = async (event) => {
      expectTypeOf(event).toEqualTypeOf<HttpEvent>();
      return { type: 'text/html; charset=utf8', body: '<h1>hi</h1>' };
    };
    expectTypeOf(page).toExtend<HttpHandler>();
    expectTypeOf<{ statusCode: 302; headers: { location: string } }>().toExtend<HttpResult>();
  });
});

test('services are nested texts', () => {
  expectTypeOf(services()).toEqualTypeOf<Promise<Services>>();
  expectTypeOf<{ ws: { wss: string } }>().toExtend<Services>();
});
