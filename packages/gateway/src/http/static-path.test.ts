import { relative, sep } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveStatic } from './static-path.ts';

const folder = `${sep}app${sep}public`;

describe('paths below the folder', () => {
  test.for([
    { path: '/app.js', file: 'app.js' },
    { path: 'app.js', file: 'app.js' },
    { path: '/css/site.css', file: `css${sep}site.css` },
    { path: '/a%20b.txt', file: 'a b.txt' },
    { path: '/caf%C3%A9.txt', file: 'café.txt' },
    { path: '/a%2Eb', file: 'a.b' },
    { path: '/%252e%252e', file: '%2e%2e' },
    { path: '/a..b', file: 'a..b' },
    { path: '/~', file: '~' },
    { path: '/.well-known/acme', file: `.well-known${sep}acme` },
  ])('$path', ({ path, file }) => {
    expect(resolveStatic(folder, path)).toEqual({ file: `${folder}${sep}${file}`, namesFolder: false });
  });

  test.for([
    { path: '', file: folder },
    { path: '/', file: folder },
    { path: '/docs/', file: `${folder}${sep}docs` },
  ])('"$path" names a folder', ({ path, file }) => {
    expect(resolveStatic(folder, path)).toEqual({ file, namesFolder: true });
  });
});

describe('refused', () => {
  test.for([
    '/..',
    '/../package.json',
    '/a/../../package.json',
    '/%2e%2e/x',
    '/%2E%2E/x',
    '/.%2e/x',
    '/..%2fx',
    '/%2fetc%2fpasswd',
    '/..%5cx',
    '/..\\x',
    '/a\\b',
    '/%5c%5cserver%5cshare',
    '/./a',
    '/.',
    '//etc/passwd',
    '/a//b',
    '//',
    '/a%00.txt',
    '/a\u0000',
    '/a%0d%0a',
    '/C:/x',
    '/c%3a%5cx',
    '/app.js::$DATA',
    '/.env',
    '/.git/config',
    '/%2eenv',
    '/a/.htaccess',
    '/.well-knownx',
    '/%',
    '/%zz',
    '/%ff',
    '/%c0%ae%c0%ae/x',
  ])('%s', (path) => {
    expect(resolveStatic(folder, path)).toBeUndefined();
  });
});

test('no path leaves the folder, and none throws', () => {
  const piece = fc.oneof(
    fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', '%00', '%', 'a', ':', '~', '%252e', '\u0000'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const found = resolveStatic(folder, pieces.join(''));
      if (found === undefined) return;
      expect(relative(folder, found.file).split(sep)).not.toContain('..');
      expect(found.file.startsWith(folder)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
