import { describe, expect, test } from 'vitest';
import { isNativePackage, isPlatformPackage } from './native-package.ts';

test.for([
  '@img/sharp-linux-arm64',
  '@img/sharp-linuxmusl-x64',
  '@img/sharp-libvips-darwin-arm64',
  '@node-rs/crc32-linux-arm64-gnu',
  '@node-rs/crc32-win32-ia32-msvc',
  '@node-rs/crc32-android-arm-eabi',
  '@esbuild/win32-x64',
  'turbo-linux-64',
  '@parcel/watcher-linux-arm64-glibc',
])('%s is for one kind of machine', (name) => {
  expect(isPlatformPackage(name)).toBe(true);
});

test.for(['linux-release-info', 'node-addon-api', '@img/colour', 'sharp', 'arm64', 'linux', 'win32-api', 'x64'])(
  '%s is for all',
  (name) => {
    expect(isPlatformPackage(name)).toBe(false);
  },
);

describe('a package is native that', () => {
  const nowhere = '/nowhere';
  test.for([
    { why: 'is compiled', manifest: { gypfile: true }, isNative: true },
    { why: 'is downloaded', manifest: { binary: { module_name: 'a' } }, isNative: true },
    { why: 'looks for its file', manifest: { dependencies: { 'node-gyp-build': '4' } }, isNative: true },
    { why: 'may look for its file', manifest: { optionalDependencies: { bindings: '1' } }, isNative: true },
    { why: 'has a package per machine', manifest: { optionalDependencies: { '@a/b-linux-x64': '1' } }, isNative: true },
    { why: 'says nothing', manifest: {}, isNative: false },
    { why: 'says it wrongly', manifest: { dependencies: 1, binary: 'a', optionalDependencies: null }, isNative: false },
    { why: 'depends on others', manifest: { dependencies: { ws: '8' } }, isNative: false },
  ])('$why: $isNative', ({ manifest, isNative }) => {
    expect(isNativePackage(nowhere, manifest)).toBe(isNative);
  });
});
