import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRouter } from './router.ts';

const route = (text: string) => {
  const [method = '', path = ''] = text.split(' ');
  return { method, path, functionName: text };
};

const router = createRouter(
  [
    'get /',
    'get /rooms',
    'post /rooms',
    'any /rooms/new',
    'get /rooms/new',
    'get /rooms/:id',
    'delete /rooms/:name',
    'get /rooms/:id/messages/:message',
    'get /files/*',
    'get /files/public/*',
    'get /files/:name/raw',
    'post /zap',
    'options /*',
    'any /any',
    'head /head',
    'get /caf-1.2_x',
    'get /odd/:__proto__',
  ].map(route),
);

describe('a request finds its route', () => {
  test.for([
    { request: 'GET /', key: 'GET /', why: 'the root' },
    { request: 'GET /rooms', key: 'GET /rooms', why: 'a full match' },
    { request: 'get /rooms', key: 'GET /rooms', why: 'a method in any letter case' },
    { request: 'POST /rooms', key: 'POST /rooms', why: 'another method of the same path' },
    { request: 'PUT /rooms', key: undefined, why: 'a method that the path lacks' },
    { request: 'HEAD /rooms', key: undefined, why: 'HEAD is not answered by GET' },
    { request: 'HEAD /head', key: 'HEAD /head', why: 'HEAD has its own routes' },
    { request: 'HEAD /any', key: 'ANY /any', why: 'any takes HEAD' },
    { request: 'PURGE /any', key: 'ANY /any', why: 'any takes methods nobody knows' },
    { request: 'GET /rooms/new', key: 'GET /rooms/new', why: 'a literal beats a parameter, a method beats ANY' },
    { request: 'PUT /rooms/new', key: 'ANY /rooms/new', why: 'ANY takes what the path does not name' },
    { request: 'GET /rooms/7', key: 'GET /rooms/{id}', why: 'a parameter' },
    { request: 'DELETE /rooms/7', key: 'DELETE /rooms/{name}', why: 'parameters have names by route' },
    { request: 'GET /rooms/7/messages/8', key: 'GET /rooms/{id}/messages/{message}', why: 'two parameters' },
    {
      request: 'GET /rooms/new/messages/8',
      key: 'GET /rooms/{id}/messages/{message}',
      why: 'a way back from a literal',
    },
    { request: 'GET /rooms/', key: undefined, why: 'a parameter is never empty' },
    { request: 'GET /any/', key: undefined, why: 'a slash at the end counts' },
    { request: 'GET /Rooms', key: undefined, why: 'letter case counts' },
    { request: 'GET /r%6foms', key: 'GET /rooms', why: 'an escaped letter is that letter' },
    { request: 'GET /caf-1.2_x', key: 'GET /caf-1.2_x', why: 'dots, dashes and underscores' },
    { request: 'GET /files/a/b', key: 'GET /files/{proxy+}', why: 'greedy takes many segments' },
    { request: 'GET /files/', key: 'GET /files/{proxy+}', why: 'greedy takes an empty rest' },
    { request: 'GET /files', key: undefined, why: 'greedy needs its slash' },
    { request: 'GET /files/public/x', key: 'GET /files/public/{proxy+}', why: 'the longer prefix' },
    { request: 'GET /files/public/raw', key: 'GET /files/{name}/raw', why: 'a full match beats a greedy one' },
    { request: 'OPTIONS /zap', key: 'OPTIONS /{proxy+}', why: 'a path without the method hides nothing' },
    { request: 'OPTIONS /', key: 'OPTIONS /{proxy+}', why: 'greedy at the root takes /' },
    { request: 'OPTIONS //', key: 'OPTIONS /{proxy+}', why: 'empty segments' },
    { request: 'GET //rooms', key: undefined, why: 'slashes are not collapsed' },
    { request: 'OPTIONS *', key: undefined, why: 'a target that is no path' },
    { request: 'GET ', key: undefined, why: 'no path at all' },
  ])('$request: $why', ({ request, key }) => {
    const [method = '', path = ''] = request.split(' ');
    expect(router(method, path)?.routeKey).toBe(key);
  });

  test('AWS examples', () => {
    const pets = createRouter(['get /pets/dog/:id', 'get /pets/*', 'any /*'].map(route));
    expect(pets('GET', '/pets/dog/1')?.routeKey).toBe('GET /pets/dog/{id}');
    expect(pets('GET', '/pets/cat/1')?.routeKey).toBe('GET /pets/{proxy+}');
    expect(pets('POST', '/test/5')?.routeKey).toBe('ANY /{proxy+}');
  });

  test('names the function', () => {
    expect(router('POST', '/zap')).toEqual({
      routeKey: 'POST /zap',
      functionName: 'post /zap',
      pathParameters: undefined,
    });
  });

  test('no routes, no match', () => {
    expect(createRouter([])('GET', '/')).toBeUndefined();
  });
});

describe('path parameters', () => {
  test.for([
    { path: '/rooms/a%20b', parameters: { id: 'a b' }, why: 'decoded' },
    { path: '/rooms/a%2Fb', parameters: { id: 'a/b' }, why: 'an escaped slash splits nothing' },
    { path: '/rooms/a+b', parameters: { id: 'a+b' }, why: 'a plus is a plus' },
    { path: '/rooms/%', parameters: { id: '%' }, why: 'a broken escape stays' },
    { path: '/rooms/%ff', parameters: { id: '%ff' }, why: 'bytes that are no UTF-8 stay' },
    { path: '/rooms/%2e%2e', parameters: { id: '..' }, why: 'dots are data' },
    { path: '/rooms/1/messages/2', parameters: { id: '1', message: '2' }, why: 'several' },
    { path: '/files/a/b%20c', parameters: { proxy: 'a/b c' }, why: 'greedy' },
    { path: '/files/', parameters: { proxy: '' }, why: 'greedy, empty' },
  ])('$path: $why', ({ path, parameters }) => {
    expect(router('GET', path)?.pathParameters).toEqual(parameters);
  });

  test('a parameter called __proto__ is data', () => {
    const parameters = router('GET', '/odd/x')?.pathParameters;
    expect(JSON.stringify(parameters)).toBe('{"__proto__":"x"}');
    expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
  });
});

describe('hostile paths', () => {
  test.for([
    { why: 'slashes', path: '/'.repeat(100_000) },
    { why: 'escapes', path: `/rooms/${'%'.repeat(100_000)}` },
    { why: 'segments below a greedy route', path: `/files${'/a'.repeat(50_000)}` },
  ])('100 kB of $why are quick', ({ path }) => {
    const deep = createRouter(
      Array.from({ length: 300 }, (_, index) =>
        route(
          `get /${Array(1 + (index % 12))
            .fill(':a')
            .join('/')}/${index}`,
        ),
      ),
    );
    const startedAt = performance.now();
    deep('GET', path);
    router('GET', path);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  test('nothing throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (method, path) => {
        router(method, `/${path}`);
        router(method, `/rooms/${path}`);
      }),
    );
  });
});
