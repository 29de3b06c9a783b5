import { describe, expect, test } from 'vitest';
import { asksForHttp2, headWithoutUpgrade, originForm, refusedForm, refusedHandshakeForm } from './request-form.ts';

const host = ['Host', 'localhost'];

const many = (count: number) => Array.from({ length: count }, (_, index) => [`a${index}`, '']).flat();

describe('a request', () => {
  test.for([
    { why: 'HTTP/1.1', httpVersion: '1.1', rawHeaders: host, request: undefined, handshake: undefined },
    { why: 'HTTP/1.0', httpVersion: '1.0', rawHeaders: host, request: undefined, handshake: 400 },
    { why: 'HTTP/2.0', httpVersion: '2.0', rawHeaders: host, request: 400, handshake: 400 },
    { why: 'many headers', httpVersion: '1.1', rawHeaders: many(1000), request: undefined, handshake: undefined },
    { why: 'more', httpVersion: '1.1', rawHeaders: many(1001), request: 431, handshake: 431 },
    { why: 'two hosts', httpVersion: '1.1', rawHeaders: [...host, 'HOST', 'x'], request: 400, handshake: 400 },
    {
      why: 'no host, which others check',
      httpVersion: '1.1',
      rawHeaders: [],
      request: undefined,
      handshake: undefined,
    },
    {
      why: 'a value that is a name',
      httpVersion: '1.1',
      rawHeaders: [...host, 'X', 'host'],
      request: undefined,
      handshake: undefined,
    },
  ])('$why', ({ httpVersion, rawHeaders, request, handshake }) => {
    const form = { httpVersion, rawHeaders, headers: {} };
    expect(refusedForm(form)).toBe(request);
    expect(refusedHandshakeForm(form)).toBe(handshake);
  });

  test.for([
    { headers: { 'content-length': '0' }, handshake: undefined },
    { headers: { 'content-length': '5' }, handshake: 400 },
    { headers: { 'transfer-encoding': 'chunked' }, handshake: 400 },
  ])('a handshake with $headers', ({ headers, handshake }) => {
    expect(refusedHandshakeForm({ httpVersion: '1.1', rawHeaders: host, headers })).toBe(handshake);
  });
});

test.for([
  { upgrade: undefined, asks: false },
  { upgrade: 'websocket', asks: false },
  { upgrade: 'h2c', asks: true },
  { upgrade: 'H2C', asks: true },
  { upgrade: 'h2c, websocket', asks: false },
])('$upgrade asks for HTTP/2: $asks', ({ upgrade, asks }) => {
  expect(asksForHttp2(upgrade)).toBe(asks);
});

test.for([
  { target: '/a?b', path: '/a?b' },
  { target: 'http://localhost:3333/testing?token=a', path: '/testing?token=a' },
  { target: 'WSS://localhost/testing', path: '/testing' },
  { target: 'http://localhost', path: '/' },
  { target: 'http://localhost?a=http://b/c', path: '/?a=http://b/c' },
  { target: '//localhost/a', path: '//localhost/a' },
  { target: '*', path: '*' },
])('$target asks for $path', ({ target, path }) => {
  expect(originForm(target)).toBe(path);
});

test.for([
  { connection: 'Upgrade, HTTP2-Settings', left: 'keep-alive' },
  { connection: 'close, upgrade', left: 'close' },
])('$connection becomes $left', ({ connection, left }) => {
  const rawHeaders = [...host, 'Connection', connection, 'Upgrade', 'h2c', 'HTTP2-Settings', 'AAMA', 'X-A', 'é'];
  expect(headWithoutUpgrade({ method: 'GET', url: '/a?b', rawHeaders })).toBe(
    `GET /a?b HTTP/1.1\r\nHost: localhost\r\nConnection: ${left}\r\nX-A: é\r\n\r\n`,
  );
});
