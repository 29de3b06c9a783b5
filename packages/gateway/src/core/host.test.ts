import { describe, expect, test } from 'vitest';
import { hostName, isAllowedHost, isLoopbackAddress, isWildcard } from './host.ts';

describe('a Host', () => {
  test.for([
    { host: 'localhost', isAllowed: true },
    { host: 'localhost:3333', isAllowed: true },
    { host: 'LocalHost:3333', isAllowed: true },
    { host: 'app.localhost:3333', isAllowed: true },
    { host: '127.0.0.1', isAllowed: true },
    { host: '127.0.0.1:3333', isAllowed: true },
    { host: '127.255.255.254:1', isAllowed: true },
    { host: '[::1]', isAllowed: true },
    { host: '[::1]:3333', isAllowed: true },
    { host: '[::ffff:127.0.0.1]:3333', isAllowed: true },
    { host: undefined, isAllowed: false },
    { host: '', isAllowed: false },
    { host: ':3333', isAllowed: false },
    { host: 'localhost.', isAllowed: false },
    { host: 'localhost:', isAllowed: false },
    { host: 'localhost:x', isAllowed: false },
    { host: 'localhost:123456', isAllowed: false },
    { host: 'localhost.evil.com', isAllowed: false },
    { host: 'notlocalhost', isAllowed: false },
    { host: 'evil.com', isAllowed: false },
    { host: 'evil.com:3333', isAllowed: false },
    { host: 'evil.com#localhost', isAllowed: false },
    { host: 'evil.com@localhost', isAllowed: false },
    { host: 'localhost@evil.com', isAllowed: false },
    { host: 'localhost evil.com', isAllowed: false },
    { host: 'localhost, evil.com', isAllowed: false },
    { host: 'localhost\0', isAllowed: false },
    { host: '127.0.0.1.nip.io', isAllowed: false },
    { host: '127.0.0.1.', isAllowed: false },
    { host: '127.1', isAllowed: false },
    { host: '2130706433', isAllowed: false },
    { host: '0x7f.1', isAllowed: false },
    { host: '0.0.0.0:3333', isAllowed: false },
    { host: '128.0.0.1', isAllowed: false },
    { host: '192.168.1.2', isAllowed: false },
    { host: '169.254.169.254', isAllowed: false },
    { host: '::1', isAllowed: false },
    { host: '[::1', isAllowed: false },
    { host: '[::]', isAllowed: false },
    { host: '[::2]', isAllowed: false },
    { host: '[fe80::1]:3333', isAllowed: false },
    { host: '[localhost]', isAllowed: false },
    { host: 'bücher.localhost', isAllowed: false },
  ])('$host → $isAllowed', ({ host, isAllowed }) => {
    expect(isAllowedHost(host, [])).toBe(isAllowed);
  });

  test.for([
    { why: 'a name that was added', host: 'furrow.test:3333', allowed: ['furrow.test'], isAllowed: true },
    { why: 'in capitals', host: 'FURROW.test', allowed: ['furrow.test'], isAllowed: true },
    { why: 'not those below it', host: 'a.furrow.test', allowed: ['furrow.test'], isAllowed: false },
    { why: 'not those that end as it does', host: 'xfurrow.test', allowed: ['furrow.test'], isAllowed: false },
    { why: 'an address that was added', host: '192.168.1.2:80', allowed: ['192.168.1.2'], isAllowed: true },
    { why: 'not its neighbour', host: '192.168.1.3:80', allowed: ['192.168.1.2'], isAllowed: false },
    { why: 'any address, on all interfaces', host: '192.168.1.2:80', allowed: ['0.0.0.0'], isAllowed: true },
    { why: 'any IPv6 address, on all interfaces', host: '[fe80::1]:80', allowed: ['::'], isAllowed: true },
    { why: 'no other name, on all interfaces', host: 'evil.com', allowed: ['0.0.0.0'], isAllowed: false },
    { why: 'no other name, on all IPv6 interfaces', host: 'evil.com', allowed: ['::'], isAllowed: false },
    { why: 'no name that looks like one', host: '127.0.0.1.nip.io', allowed: ['0.0.0.0'], isAllowed: false },
  ])('$why', ({ host, allowed, isAllowed }) => {
    expect(isAllowedHost(host, allowed)).toBe(isAllowed);
  });
});

test.for([
  ['LOCALHOST:1', 'localhost'],
  ['[FE80::1]:65535', 'fe80::1'],
  ['a_b.c-d', 'a_b.c-d'],
  ['a/b', undefined],
  ['[::1]x', undefined],
])('the name in %s is %s', ([host, name]) => {
  expect(hostName(host ?? '')).toBe(name);
});

test.for([
  { address: '127.0.0.1', isLoopback: true },
  { address: '127.8.8.8', isLoopback: true },
  { address: '::1', isLoopback: true },
  { address: '::ffff:127.0.0.1', isLoopback: true },
  { address: '::FFFF:127.0.0.1', isLoopback: true },
  { address: '10.0.0.1', isLoopback: false },
  { address: '::ffff:10.0.0.1', isLoopback: false },
  { address: '127.0.0.1.evil.com', isLoopback: false },
  { address: '', isLoopback: false },
])('$address → $isLoopback', ({ address, isLoopback }) => {
  expect(isLoopbackAddress(address)).toBe(isLoopback);
});

test.for([
  ['0.0.0.0', true],
  ['::', true],
  ['127.0.0.1', false],
  ['*', false],
] as const)('%s stands for all interfaces: %s', ([host, isAll]) => {
  expect(isWildcard(host)).toBe(isAll);
});
