import { describe, expect, test } from 'vitest';
import * as named from './index.ts';

const { default: arc, ...members } = named;

test('the default export and the named ones are the same', () => {
  expect(Object.keys(members).toSorted()).toEqual(Object.keys(arc).toSorted());
  const differing = Object.entries(members).filter(([name, member]) => Reflect.get(arc, name) !== member);
  expect(differing).toEqual([]);
});

describe('arc.static', () => {
  test.for([
    { asset: 'app.css', path: '/_static/app.css' },
    { asset: '/app.css', path: '/_static/app.css' },
    { asset: 'fonts/a.woff2', path: '/_static/fonts/a.woff2' },
    { asset: '', path: '/_static/' },
  ])('$asset', ({ asset, path }) => {
    expect(arc.static(asset)).toBe(path);
  });
});
