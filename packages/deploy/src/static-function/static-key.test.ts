import { describe, expect, test } from 'vitest';
import { askedFile, keyRules, type KeyRules } from './static-key.ts';

describe('a path names', () => {
  test.for<{ path: string; keys: readonly string[]; isInFolder?: boolean }>([
    { path: '/_static/app.js', keys: ['app.js'] },
    { path: '/_static/css/site.css', keys: ['css/site.css'] },
    { path: '/_static', keys: ['index.html'] },
    { path: '/_static/', keys: ['index.html'] },
    { path: '/_static/docs', keys: ['docs', 'docs/index.html'] },
    { path: '/_static/docs/', keys: ['docs/index.html'] },
    { path: '/_static/a b.txt', keys: ['a b.txt'] },
    { path: '/_static/a%20b.txt', keys: ['a b.txt'] },
    { path: '/_static/100%.txt', keys: ['100%.txt'] },
    { path: '/_static/%E2%82%AC.txt', keys: ['€.txt'] },
    { path: '/_static/.well-known/security.txt', keys: ['.well-known/security.txt'] },
    { path: '/_static/_static/a.js', keys: ['_static/a.js'] },
    { path: '/', keys: ['index.html'], isInFolder: false },
    { path: '', keys: ['index.html'], isInFolder: false },
    { path: '/app.js', keys: ['app.js'], isInFolder: false },
    { path: '/_statics/app.js', keys: ['_statics/app.js'], isInFolder: false },
  ])('$path: $keys', ({ path, keys, isInFolder = true }) => {
    expect(askedFile(path)).toEqual({ keys, isInFolder, missingKey: '404.html' });
  });

  test.for<{ path: string; rules: KeyRules; keys: readonly string[] }>([
    { path: '/rooms/1', rules: { isSinglePage: true }, keys: ['index.html'] },
    { path: '/rooms/', rules: { isSinglePage: true }, keys: ['index.html'] },
    { path: '/', rules: { isSinglePage: true }, keys: ['index.html'] },
    { path: '/app.js', rules: { isSinglePage: true }, keys: ['app.js'] },
    { path: '/_static/docs', rules: { isSinglePage: true }, keys: ['docs', 'docs/index.html'] },
    { path: '/rooms/1', rules: { isSinglePage: true, prefix: 'v1/a' }, keys: ['v1/a/index.html'] },
    { path: '/_static/v1/a/app.js', rules: { prefix: 'v1/a' }, keys: ['v1/a/app.js'] },
    { path: '/_static/app.js', rules: { prefix: 'v1/a' }, keys: ['v1/a/app.js'] },
    { path: '/app.js', rules: { prefix: 'v1/a' }, keys: ['v1/a/app.js'] },
    { path: '/_static/css/a-0123456789.css', rules: { hasHashes: true }, keys: ['css/a-0123456789.css', 'css/a.css'] },
    { path: '/_static/a-0123456789', rules: { hasHashes: true, prefix: 'v' }, keys: ['v/a-0123456789', 'v/a'] },
    { path: '/_static/a-0123456789.min.js', rules: { hasHashes: true }, keys: ['a-0123456789.min.js'] },
    { path: '/_static/a-012345678.css', rules: { hasHashes: true }, keys: ['a-012345678.css'] },
    { path: '/_static/a-0123456789.css', rules: {}, keys: ['a-0123456789.css'] },
    { path: '/docs', rules: { prefix: 'a' }, keys: ['a/docs', 'a/docs/index.html'] },
  ])('$path with $rules: $keys', ({ path, rules, keys }) => {
    expect(askedFile(path, rules).keys).toEqual(keys);
    expect(askedFile(path, rules).missingKey).toBe(`${rules.prefix === undefined ? '' : `${rules.prefix}/`}404.html`);
  });

  test.for([
    '/_static/../secret',
    '/_static/..',
    '/_static/a/../b',
    '/_static/./a',
    '/_static/%2e%2e/secret',
    '/_static/%2E',
    '/_static/..%2fsecret',
    '/_static/a%2f..%2fb',
    '/_static/..\\secret',
    '/_static/%5c..%5csecret',
    '/_static//a',
    '/_static/a//b',
    '/_static/a//',
    '/_static/a%00.txt',
    '/_static/a\u0000',
    '/_static/a%0ab',
    '/_static/c:/windows',
    '/_static/a.txt:stream',
    '/_static/.env',
    '/_static/.git/config',
    '/_static/a/.hidden/b',
    '/_static/\ud800',
    `/_static/${'a'.repeat(1001)}`,
    '//evil.example',
  ])('nothing: %j', (path) => {
    expect(askedFile(path).keys).toEqual([]);
  });
});

test.for<{ env: Record<string, string>; rules: KeyRules }>([
  { env: {}, rules: { prefix: undefined, isSinglePage: false, hasHashes: false } },
  {
    env: { ARC_STATIC_PREFIX: '', ARC_STATIC_SPA: 'false', ARC_STATIC_FINGERPRINT: 'external' },
    rules: { prefix: undefined, isSinglePage: false, hasHashes: false },
  },
  {
    env: { ARC_STATIC_PREFIX: 'a', ARC_STATIC_SPA: 'true', ARC_STATIC_FINGERPRINT: 'true' },
    rules: { prefix: 'a', isSinglePage: true, hasHashes: true },
  },
])('$env', ({ env, rules }) => {
  expect(keyRules(env)).toEqual(rules);
});
