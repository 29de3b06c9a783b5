export { checkAccess, type AccessRules } from './core/authorization.ts';
export type { HttpAnswer } from './core/management.ts';
export {
  openGateway,
  type Gateway,
  type Authorizer,
  type GatewayOptions,
  type Routes,
  type Throttle,
  type TimeLimits,
  type WsRoute,
} from './gateway.ts';
export type { LocalRequest, LocalService } from './server/door.ts';
