export type { AccessRules } from './core/authorization.ts';
export type { HttpAnswer } from './core/management.ts';
export { openGateway, type Gateway, type GatewayOptions, type Routes } from './gateway.ts';
export type { LocalRequest, LocalService } from './server/door.ts';
