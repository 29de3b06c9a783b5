import { expect, test } from 'vitest';
import { certificateNames } from './certificate.ts';

const addresses = ['127.0.0.1', '192.168.1.2', '2001:db8::2'];

test.for([
  { why: 'nothing beside the loopback', host: undefined, allowedHosts: [], names: [] },
  { why: 'a name', host: undefined, allowedHosts: ['furrow.test'], names: ['furrow.test'] },
  { why: 'an address', host: '192.168.1.2', allowedHosts: [], names: ['192.168.1.2'] },
  { why: 'the same twice', host: 'Furrow.test', allowedHosts: ['furrow.test'], names: ['furrow.test'] },
  { why: 'everywhere', host: '0.0.0.0', allowedHosts: [], names: addresses },
  { why: 'everywhere, and a name', host: '::', allowedHosts: ['furrow.test'], names: ['furrow.test', ...addresses] },
  { why: 'what no certificate can name', host: undefined, allowedHosts: ['a b', 'x,DNS:y', ''], names: [] },
])('$why', ({ host, allowedHosts, names }) => {
  expect(certificateNames({ host, allowedHosts }, addresses)).toEqual(names);
});
