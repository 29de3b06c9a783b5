import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { http as ours, type Http } from '../../src/index.ts';
import { stock8 } from './stock.ts';

beforeEach(() => vi.stubEnv('ARC_APP_SECRET', 'a secret'));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

test.for<{ why: string; makes: Http; verifies: Http }>([
  { why: 'ours', makes: ours, verifies: ours },
  { why: 'ours, by stock', makes: ours, verifies: stock8.http },
  { why: 'of stock, by ours', makes: stock8.http, verifies: ours },
])('tokens: $why', ({ makes, verifies }) => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_790_000_000_000 });
  const token = makes.csrf.create();
  expect(token).toMatch(/^[0-9a-f]{32}\.1790000300000\.[0-9a-f]{64}$/);
  expect(verifies.csrf.verify(token)).toBe(true);
  vi.setSystemTime(1_790_000_300_000 + 1);
  expect(verifies.csrf.verify(token)).toBe(false);
});

test('the same data and time give the token of stock', () => {
  expect(ours.csrf.create('data', 7)).toBe(stock8.http.csrf.create('data', 7));
  expect(ours.csrf.create(Buffer.from('data'), 7)).toBe(stock8.http.csrf.create(Buffer.from('data'), 7));
});

describe('not verified', () => {
  const [data, expires, signature] = ours.csrf.create().split('.');
  test.for([
    { why: 'nothing', token: undefined },
    { why: 'a number', token: 7 },
    { why: 'an empty text', token: '' },
    { why: 'one part', token: data },
    { why: 'other data', token: `x.${expires}.${signature}` },
    { why: 'no data', token: `.${expires}.${signature}` },
    { why: 'a time that is none', token: `${data}.soon.${signature}` },
    { why: 'a time that is over', token: `${data}.1.${signature}` },
    { why: 'a short signature', token: `${data}.${expires}.ab` },
    { why: 'the signature of another secret', token: `${data}.${expires}.${signature}` },
  ])('$why', ({ token }) => {
    expect(ours.csrf.verify(token as string)).toBe(false);
  });
});
