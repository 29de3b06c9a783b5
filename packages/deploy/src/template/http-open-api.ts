import { invocationUri } from './functions.ts';
import type { ApiRoute } from './http-routes.ts';
import { ref, substitute } from './intrinsics.ts';
import type { Value } from './template.ts';

/**
 * The routes of an HTTP API as an OpenAPI text, for an API that SAM made from one.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html (read 2026-11)
 */
export function openApiText(routes: readonly ApiRoute[]): Value {
  const paths = [...new Set(routes.map(({ path }) => path))];
  return {
    openapi: '3.0.1',
    info: { title: ref('AWS::StackName'), version: '1.0' },
    paths: Object.fromEntries(paths.map((path) => [path, methodsOf(routes.filter((route) => route.path === path))])),
  };
}

function methodsOf(routes: readonly ApiRoute[]): Value {
  return Object.fromEntries(
    routes.map(({ method, path, unit }) => [
      method === 'ANY' ? 'x-amazon-apigateway-any-method' : method.toLowerCase(),
      {
        responses: {},
        ...parametersOf(path),
        'x-amazon-apigateway-integration': {
          type: 'aws_proxy',
          httpMethod: 'POST',
          payloadFormatVersion: '2.0',
          uri: substitute(invocationUri(unit)),
        },
      },
    ]),
  );
}

/** OpenAPI wants every parameter of a path declared. */
function parametersOf(path: string): { readonly parameters?: Value } {
  const names = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = '']) => name);
  if (names.length === 0) return {};
  return { parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })) };
}
