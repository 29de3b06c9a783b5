export { systemClock, type Clock } from './clock.ts';
export { closeCodes, reportedClose, type CloseStatus } from './close-codes.ts';
export { contentTypeOf } from './content-type.ts';
export { errorFrame, frameErrors, type FrameError } from './error-frames.ts';
export type { FunctionRun, GatewayEvent, OnEvent } from './gateway-event.ts';
export type { HttpEvent, HttpRequestContext } from './http-event.ts';
export { createConnectionId, createRequestId, isConnectionId, nodeOf } from './ids.ts';
export {
  eventText,
  maxUnconfirmedBytes,
  type FunctionEvent,
  type FunctionFailure,
  type Invocation,
  type Invoke,
  type Outcome,
} from './invocation.ts';
export { limits } from './limits.ts';
export {
  handlerChannelKey,
  managementErrors,
  managementMessage,
  type ConnectionInfo,
  type ChannelAnswer,
  type ChannelRequest,
  type HandlerChannel,
  type ManagementAnswer,
  type ManagementRefusal,
  type ManagementRequest,
  type SendManyAnswer,
  type SendListener,
  type SendManyRequest,
} from './management.ts';
export { requestTime } from './request-time.ts';
export { headerOf, readProxyResult, type ProxyResult } from './results.ts';
export {
  createRouteSelector,
  lifecycleRoutes,
  routeSelectionExpression,
  type RouteKeys,
  type RouteSelector,
} from './routes.ts';
export {
  canonicalPath,
  canonicalRequest,
  parseAuthorization,
  parseSignedHeaders,
  presignedQuery,
  sha256,
  signatureOf,
  signedHeaders,
  splitAuthorization,
  stringToSign,
  type AuthorizationParts,
  type CredentialScope,
  type Credentials,
  type SignableRequest,
} from './signature.ts';
export { fillNamesOfFiles, maxNamingBytes, mayNameFiles, namesOfFiles } from './static-names.ts';
export { isUserError, UserError } from './user-error.ts';
export {
  authorizerEvent,
  connectEvent,
  disconnectEvent,
  messageEvent,
  type AuthorizerContext,
  type ConnectionFacts,
  type HandshakeFacts,
  type MessageFacts,
  type Pairs,
  type RequestFacts,
  type StageVariables,
  type WsAuthorizerEvent,
  type WsConnectEvent,
  type WsDisconnectEvent,
  type WsEvent,
  type WsIdentity,
  type WsMessageEvent,
} from './ws-events.ts';
