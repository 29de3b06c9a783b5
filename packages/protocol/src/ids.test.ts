import { describe, expect, test } from 'vitest';
import { createConnectionId, createRequestId, isConnectionId, nodeOf } from './ids.ts';

const shape = /^[A-Za-z0-9_-]{15}=$/;

describe('T054 a thousand ids', () => {
  test.for([
    { kind: 'request ids', create: createRequestId },
    { kind: 'connection ids', create: () => createConnectionId(7) },
  ])('$kind have the form of AWS and are unique', ({ create }) => {
    const ids = Array.from({ length: 1000 }, create);
    for (const id of ids) {
      expect(id).toMatch(shape);
      expect(isConnectionId(id)).toBe(true);
      expect(Buffer.from(id, 'base64url')).toHaveLength(11);
    }
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the node of a connection', () => {
  test.for([0, 1, 0xff, 0x01_00, 0xab_cd_ef, 0xff_ff_fe, 0xff_ff_ff])('%i', (node) => {
    const ids = Array.from({ length: 20 }, () => createConnectionId(node));
    expect(ids.map(nodeOf)).toEqual(ids.map(() => node));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.for([-1, 0x1_00_00_00])('%i is no node', (node) => {
    expect(() => createConnectionId(node)).toThrow(RangeError);
  });
});

describe('isConnectionId', () => {
  test.for([
    { text: 'TXzPWdnOjoECGjA=', is: true },
    { text: 'RYG0LEicPHcFo_A=', is: true },
    { text: 'JC1dgf9yoAMCK-g=', is: true },
    { text: '', is: false },
    { text: 'abc', is: false },
    { text: 'TXzPWdnOjoECGjA', is: false },
    { text: 'TXzPWdnOjoECGjAA', is: false },
    { text: 'TXzPWdnOjoECGj==', is: false },
    { text: 'TXzPWdnOjoECGjA==', is: false },
    { text: 'TXzPWdnOjoECGjA=\n', is: false },
    { text: ' TXzPWdnOjoECGjA=', is: false },
    { text: 'TXzPWdnOjoECGjA%3D', is: false },
    { text: 'TXzPWdnO+oECGjA=', is: false },
    { text: 'TXzPWdnO/oECGjA=', is: false },
    { text: 'TXzPWdnO\u00e9oECGjA=', is: false },
    { text: '__proto__', is: false },
  ])('$text: $is', ({ text, is }) => {
    expect(isConnectionId(text)).toBe(is);
  });
});
