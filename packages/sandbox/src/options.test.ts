import { describe, expect, test } from 'vitest';
import { sandboxSettings, type SandboxFlags } from './options.ts';

describe('settings', () => {
  test.for<{ why: string; flags: SandboxFlags; env: Record<string, string>; port: number; host: string | undefined }>([
    { why: 'defaults', flags: {}, env: {}, port: 3333, host: undefined },
    { why: 'PORT', flags: {}, env: { PORT: '4000' }, port: 4000, host: undefined },
    { why: 'an empty PORT is none', flags: {}, env: { PORT: '' }, port: 3333, host: undefined },
    { why: 'the flag beats PORT', flags: { port: '0' }, env: { PORT: '4000' }, port: 0, host: undefined },
    { why: 'localhost is the default', flags: { host: 'localhost' }, env: {}, port: 3333, host: undefined },
    { why: 'all addresses', flags: { host: '0.0.0.0' }, env: {}, port: 3333, host: '0.0.0.0' },
  ])('$why', ({ flags, env, port, host }) => {
    expect(sandboxSettings(flags, env)).toMatchObject({ port, host, isStrict: false, allowedHosts: [] });
  });

  test.for(['abc', '-1', '65536', '3333.5', '1e3', ' 80', '0x50'])('port %j is none', (port) => {
    expect(() => sandboxSettings({ port }, {})).toThrow(expect.objectContaining({ code: 'PORT_INVALID' }));
    expect(() => sandboxSettings({}, { PORT: port })).toThrow(/^PORT is /);
  });

  test('host names are compared in small letters', () => {
    expect(sandboxSettings({ allowedHosts: ['My.Example'] }, {}).allowedHosts).toEqual(['my.example']);
  });
});
