import type { HttpRoute } from '@furrow/manifest';
import { arn, substitute } from './intrinsics.ts';
import { staticFunctionName, type Value } from './template.ts';
import { unitOf, type Context, type Unit } from './units.ts';

/** A route of the HTTP API. */
export interface ApiRoute {
  /** What the ids of its own resources begin with; the first of a function has the function's. */
  readonly baseId: string;
  readonly unit: Unit;
  /** `GET`, `ANY` */
  readonly method: string;
  /** As AWS writes it: `/rooms/{id}`, `/files/{proxy+}`. */
  readonly path: string;
}

/**
 * All routes of the HTTP API, those of the app first, then those of its files. `/*` takes `/` too, here and in the
 * sandbox, so `/{proxy+}` is all that it needs.
 */
export function httpRoutes(context: Context): readonly ApiRoute[] {
  const own = (context.app.http ?? []).map(({ method, path, functionName }) => {
    const unit = unitOf(context, functionName);
    return { baseId: unit.baseId, unit, method: method.toUpperCase(), path: apiPath(path) };
  });
  return context.app.static.isServed ? [...own, ...staticRoutes(context)] : own;
}

/** `/rooms/:id` is `/rooms/{id}`, `/files/*` is `/files/{proxy+}`. */
export function apiPath(path: string): string {
  return path.replaceAll(/:([^/]+)/g, '{$1}').replace(/\*$/, '{proxy+}');
}

/**
 * Whose requests may invoke the function of a route, in any stage, as SAM writes it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html (read 2026-11)
 */
export function sourceArn({ method, path }: ApiRoute): Value {
  const anyMethod = method === 'ANY' ? '*' : method;
  return substitute(arn('execute-api', `\${HTTP}/*/${anyMethod}${path.replaceAll(/\{[^}]+\}/g, '*')}`));
}

/**
 * Files below `/_static`, whatever the method, so that an `any /*` of the app gets none of those requests; `index.html` at
 * `/` where the app itself does not answer; and all files at the root where no function of the app does. The sandbox does the
 * same.
 */
function staticRoutes(context: Context): readonly ApiRoute[] {
  const unit = unitOf(context, staticFunctionName);
  const own = context.app.http ?? [];
  const answersRoot = (method: string) => own.some((route) => isRoot(route, method));
  const isFree = !answersRoot('get') && !own.some(isRootParameter);
  return [
    { baseId: 'StaticHTTP', method: 'ANY', path: '/_static/{proxy+}' },
    ...(answersRoot('get') ? [] : [{ baseId: 'StaticIndexHTTP', method: 'GET', path: '/' }]),
    ...(answersRoot('head') ? [] : [{ baseId: 'StaticIndexHeadHTTP', method: 'HEAD', path: '/' }]),
    ...(isFree ? [{ baseId: 'StaticRootHTTP', method: 'GET', path: '/{proxy+}' }] : []),
    ...(isFree && !answersRoot('head') ? [{ baseId: 'StaticRootHeadHTTP', method: 'HEAD', path: '/{proxy+}' }] : []),
  ].map((route) => ({ ...route, unit }));
}

/** `get /:room` answers what files would. */
function isRootParameter({ method, path }: HttpRoute): boolean {
  return /^\/:[^/]+$/.test(path) && (method === 'get' || method === 'any');
}

function isRoot({ method, path }: HttpRoute, wanted: string): boolean {
  return (path === '/' || path === '/*') && (method === wanted || method === 'any');
}
