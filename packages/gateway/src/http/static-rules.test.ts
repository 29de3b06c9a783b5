import { describe, expect, test } from 'vitest';
import { isRootFree, rootPath, withoutPrefix } from './static-rules.ts';

describe('the root is free', () => {
  test.for([
    { routes: [], isFree: true },
    { routes: ['get /rooms', 'post /', 'head /', 'get /:a/b', 'any /a/*'], isFree: true },
    { routes: ['get /'], isFree: false },
    { routes: ['ANY /'], isFree: false },
    { routes: ['get /*'], isFree: false },
    { routes: ['get /:room'], isFree: false },
  ])('of $routes: $isFree', ({ routes, isFree }) => {
    const parsed = routes.map((route) => {
      const [method = '', path = ''] = route.split(' ');
      return { method, path };
    });
    expect(isRootFree(parsed)).toBe(isFree);
  });
});

test.for([
  { path: '/', isSinglePage: '/index.html', plain: '/' },
  { path: '/rooms/1', isSinglePage: '/index.html', plain: '/rooms/1' },
  { path: '/rooms/', isSinglePage: '/index.html', plain: '/rooms/' },
  { path: '/v1.2/rooms', isSinglePage: '/index.html', plain: '/v1.2/rooms' },
  { path: '/app.js', isSinglePage: '/app.js', plain: '/app.js' },
])('$path at the root', ({ path, isSinglePage, plain }) => {
  expect([rootPath(path, { isSinglePage: true }), rootPath(path, {})]).toEqual([isSinglePage, plain]);
});

test.for([
  { path: '/v1/assets/app.js', is: '/app.js' },
  { path: '/v1/assets', is: '' },
  { path: '/v1/assetsapp.js', is: '/v1/assetsapp.js' },
  { path: '/app.js', is: '/app.js' },
])('$path without the prefix', ({ path, is }) => {
  expect(withoutPrefix(path, { prefix: 'v1/assets' })).toBe(is);
  expect(withoutPrefix(path, {})).toBe(path);
});
