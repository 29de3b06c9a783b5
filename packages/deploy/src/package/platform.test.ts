import { describe, expect, test } from 'vitest';
import { isMadeFor, isNamedFor, isOfPlatform, platformOf } from './platform.ts';

const arm64 = platformOf('arm64');
const x64 = platformOf('x86_64');

describe('a package is named for', () => {
  test.for([
    { name: '@img/sharp-linux-arm64', isArm: true, isX64: false },
    { name: '@img/sharp-libvips-linux-x64', isArm: false, isX64: true },
    { name: '@node-rs/crc32-linux-arm64-gnu', isArm: true, isX64: false },
    { name: '@node-rs/crc32-linux-x64-musl', isArm: false, isX64: false },
    { name: '@img/sharp-linuxmusl-arm64', isArm: false, isX64: false },
    { name: '@node-rs/crc32-linux-arm-gnueabihf', isArm: false, isX64: false },
    { name: '@a/linux-aarch64', isArm: true, isX64: false },
    { name: 'turbo-linux-64', isArm: false, isX64: true },
    { name: 'a-linux-x86_64', isArm: false, isX64: true },
    { name: '@img/sharp-darwin-arm64', isArm: false, isX64: false },
    { name: 'sharp', isArm: false, isX64: false },
  ])('$name: arm64 $isArm, x64 $isX64', ({ name, isArm, isX64 }) => {
    expect([isNamedFor(name, arm64), isNamedFor(name, x64)]).toEqual([isArm, isX64]);
  });
});

test.for([
  { manifest: {}, isMade: true },
  { manifest: { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] }, isMade: true },
  { manifest: { os: 'linux', cpu: 'arm64' }, isMade: true },
  { manifest: { os: ['darwin', 'linux'] }, isMade: true },
  { manifest: { os: ['!win32'] }, isMade: true },
  { manifest: { os: ['!linux'] }, isMade: false },
  { manifest: { os: ['darwin'] }, isMade: false },
  { manifest: { cpu: ['x64'] }, isMade: false },
  { manifest: { libc: ['musl'] }, isMade: false },
  { manifest: { os: 1, cpu: null }, isMade: true },
])('$manifest for linux arm64: $isMade', ({ manifest, isMade }) => {
  expect(isMadeFor(manifest, arm64)).toBe(isMade);
});

test.for([
  { name: 'index.js', isOf: true },
  { name: 'prebuilds/linux-arm64/a.node', isOf: true },
  { name: 'prebuilds/linux-arm64/a.glibc.node', isOf: true },
  { name: 'prebuilds/linux-arm64/a.musl.node', isOf: false },
  { name: 'prebuilds/linux-x64+arm64/a.node', isOf: true },
  { name: 'prebuilds/linux-x64/a.node', isOf: false },
  { name: 'prebuilds/darwin-arm64/a.node', isOf: false },
  { name: 'prebuilds/readme/a.md', isOf: true },
  { name: 'prebuilds/a.node', isOf: true },
])('$name is of linux arm64: $isOf', ({ name, isOf }) => {
  expect(isOfPlatform(name, arm64)).toBe(isOf);
});
