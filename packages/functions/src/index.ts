import { events } from './members/events.ts';
import { http } from './members/http.ts';
import { queues } from './members/queues.ts';
import { services } from './members/services.ts';
import { static as staticPath } from './members/static.ts';
import { tables } from './members/tables.ts';
import { ws } from './members/ws.ts';

export { events, http, queues, services, staticPath as static, tables, ws };
export default { ws, services, static: staticPath, http, tables, events, queues };

export type { Callback } from './callback.ts';
export type { ServiceError } from './errors.ts';
export type {
  HandlerContext,
  HttpFunction,
  WsConnectHandler,
  WsDisconnectHandler,
  WsHandler,
  WsMessageHandler,
  WsResult,
} from './handler-types.ts';
export type { HttpResult } from './http-result.ts';
export type {
  AsyncHttpFunction,
  BodySource,
  ComposedHttpFunction,
  Csrf,
  Http,
  HttpAsyncHandler,
  HttpHandler,
  HttpRequest,
  HttpResponse,
  SessionAccess,
  SessionData,
  SessionSource,
} from './http/middleware-types.ts';
export type { Payload } from './payload.ts';
export type { EventOptions, Events, Published, QueueOptions, Queues } from './publish.ts';
export type { FailedSend, SendManyOptions, SendReport } from './send-many.ts';
export type { Services } from './services.ts';
export type { StaticOptions } from './static.ts';
export type { OnRecord, StreamHandler, StreamHandlers, StreamRecord } from './stream-handlers.ts';
export type { Subscriber, SubscriberEvent } from './subscribe.ts';
export type { ArcTables } from './tables.ts';
export type {
  ArcDB,
  ArcTable,
  DocumentClient,
  MarshallOptions,
  Page,
  PlainClient,
  QueryParams,
  ScanParams,
  SdkMethod,
  SdkRequest,
  TablesClient,
  TablesOptions,
  UnmarshallOptions,
  UpdateOutput,
  UpdateParams,
} from './tables/table-types.ts';
export type { ConnectionOptions, ManagementApi, SendOptions, Ws, WsInfo } from './ws.ts';
export type {
  HttpEvent,
  HttpRequestContext,
  WsAuthorizerEvent,
  WsConnectEvent,
  WsDisconnectEvent,
  WsEvent,
  WsMessageEvent,
} from '@furrow/protocol';
