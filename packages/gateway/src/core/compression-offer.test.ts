import { expect, test } from 'vitest';
import { agreeOnCompression } from './compression-offer.ts';

const plain = { extension: 'permessage-deflate', windowBits: 12 };
const twelve = { extension: 'permessage-deflate; server_max_window_bits=12', windowBits: 12 };

test.for<{ why: string; header: string | undefined; agreed: typeof plain | undefined }>([
  { why: 'T132 nothing', header: undefined, agreed: undefined },
  { why: 'an empty header', header: '', agreed: undefined },
  { why: 'T131 what Firefox offers', header: 'permessage-deflate', agreed: plain },
  { why: 'what Chrome and ws offer', header: 'permessage-deflate; client_max_window_bits', agreed: plain },
  {
    why: 'F5 what websockets of Python offers',
    header: 'permessage-deflate; server_max_window_bits=12; client_max_window_bits=12',
    agreed: twelve,
  },
  { why: 'a larger window', header: 'permessage-deflate; server_max_window_bits=15', agreed: twelve },
  {
    why: 'a smaller window',
    header: 'permessage-deflate; server_max_window_bits=10',
    agreed: { extension: 'permessage-deflate; server_max_window_bits=10', windowBits: 10 },
  },
  { why: 'one that zlib cannot keep to', header: 'permessage-deflate; server_max_window_bits=8', agreed: undefined },
  {
    why: 'the second where the first cannot be',
    header: 'permessage-deflate; server_max_window_bits=8, permessage-deflate',
    agreed: plain,
  },
  {
    why: 'no memory of the messages before',
    header: 'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    agreed: { extension: 'permessage-deflate; server_no_context_takeover', windowBits: 12 },
  },
  { why: 'a quoted value', header: 'permessage-deflate;server_max_window_bits="12"', agreed: twelve },
  { why: 'spaces', header: '  permessage-deflate ;\tserver_max_window_bits = 12 ', agreed: twelve },
  { why: 'other extensions beside it', header: 'x-webkit-frame, permessage-deflate', agreed: plain },
  { why: 'other extensions alone', header: 'x-webkit-deflate-frame', agreed: undefined },
  ...[
    'permessage-deflate; x',
    'permessage-deflate; __proto__',
    'permessage-deflate; constructor=1',
    'permessage-deflate; server_max_window_bits',
    'permessage-deflate; server_max_window_bits=16',
    'permessage-deflate; server_max_window_bits=08',
    'permessage-deflate; server_max_window_bits=12; server_max_window_bits=12',
    'permessage-deflate; server_no_context_takeover=1',
    'permessage-deflate; client_max_window_bits=7',
    'permessage-deflate;',
    'permessage-deflate; =',
    'PerMessage-Deflate',
    '\u0000, ;;;,,=',
  ].map((header) => ({ why: `malformed: ${header}`, header, agreed: undefined })),
])('$why', ({ header, agreed }) => {
  expect(agreeOnCompression(header)).toEqual(agreed);
});

test('a long header takes no longer than it must', () => {
  const headers = [
    'permessage-deflate; '.repeat(3000),
    ' '.repeat(60_000),
    `permessage-deflate;x${' '.repeat(60_000)}=`,
  ];
  const startedAt = performance.now();
  for (const header of headers) expect(agreeOnCompression(header)).toBe(undefined);
  expect(performance.now() - startedAt).toBeLessThan(500);
});
