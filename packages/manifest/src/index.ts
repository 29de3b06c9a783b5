export type { App, FunctionDefinition, FunctionSettings, HttpRoute, Problem, StaticSettings, WsRoute } from './app.ts';
