import { notOffered } from './not-offered.ts';
import { createServices } from './services.ts';
import { ws } from './ws.ts';

const services = createServices();
/** The path of a file of the folder `public` as browsers ask for it: `app.css` and `/app.css` are `/_static/app.css`. */
const staticPath = (asset: string): string => `/_static/${asset.replace(/^\/+/, '')}`;
const http = notOffered('http');
const tables = notOffered('tables');
const events = notOffered('events');
const queues = notOffered('queues');

export { events, http, queues, services, staticPath as static, tables, ws };
export default { ws, services, static: staticPath, http, tables, events, queues };

export type { Callback } from './callback.ts';
export type { ServiceError } from './errors.ts';
export type {
  HandlerContext,
  HttpHandler,
  WsConnectHandler,
  WsDisconnectHandler,
  WsHandler,
  WsMessageHandler,
  WsResult,
} from './handler-types.ts';
export type { HttpResult } from './http-result.ts';
export type { NotOffered } from './not-offered.ts';
export type { Payload } from './payload.ts';
export type { FailedSend, SendManyOptions, SendReport } from './send-many.ts';
export type { Services } from './services.ts';
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
