import { describe, expect, test } from 'vitest';
import { contentTypeOf } from './content-type.ts';

describe('content types', () => {
  test.for([
    { file: 'index.html', type: 'text/html; charset=utf-8' },
    { file: 'app.js', type: 'text/javascript; charset=utf-8' },
    { file: 'app.MJS', type: 'text/javascript; charset=utf-8' },
    { file: 'site.css', type: 'text/css; charset=utf-8' },
    { file: 'data.json', type: 'application/json; charset=utf-8' },
    { file: 'app.js.map', type: 'application/json; charset=utf-8' },
    { file: 'a.svg', type: 'image/svg+xml; charset=utf-8' },
    { file: 'a.png', type: 'image/png' },
    { file: 'a.wasm', type: 'application/wasm' },
    { file: 'a.woff2', type: 'font/woff2' },
    { file: 'a.webmanifest', type: 'application/manifest+json; charset=utf-8' },
    { file: 'a.unknown', type: 'application/octet-stream' },
    { file: 'LICENSE', type: 'application/octet-stream' },
    { file: 'a.', type: 'application/octet-stream' },
    { file: 'x.js/y', type: 'application/octet-stream' },
    { file: 'a.__proto__', type: 'application/octet-stream' },
  ])('$file', ({ file: name, type }) => {
    expect(contentTypeOf(name)).toBe(type);
  });
});
