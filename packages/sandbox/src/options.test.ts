import { describe, expect, test } from 'vitest';
import { sandboxSettings, type SandboxFlags } from './options.ts';

describe('settings', () => {
  test.for<{
    why: string;
    flags: SandboxFlags;
    env: Record<string, string>;
    port: number | undefined;
    host: string | undefined;
  }>([
    { why: 'defaults', flags: {}, env: {}, port: undefined, host: undefined },
    { why: 'PORT', flags: {}, env: { PORT: '4000' }, port: 4000, host: undefined },
    { why: 'an empty PORT is none', flags: {}, env: { PORT: '' }, port: undefined, host: undefined },
    { why: 'the flag beats PORT', flags: { port: '0' }, env: { PORT: '4000' }, port: 0, host: undefined },
    { why: 'localhost is the default', flags: { host: 'localhost' }, env: {}, port: undefined, host: undefined },
    { why: 'all addresses', flags: { host: '0.0.0.0' }, env: {}, port: undefined, host: '0.0.0.0' },
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

  test.for<{ flags: SandboxFlags; settings: object }>([
    { flags: {}, settings: { timeLimits: {}, pingsKeepOpen: false, shuffle: undefined } },
    { flags: { idleTimeout: '5' }, settings: { timeLimits: { idleTimeoutMs: 5000 } } },
    { flags: { idleTimeout: '600' }, settings: { timeLimits: { idleTimeoutMs: 600_000 } } },
    { flags: { connectionDuration: '7200.0' }, settings: { timeLimits: { connectionLifetimeMs: 7_200_000 } } },
    { flags: { integrationTimeout: '0.05' }, settings: { timeLimits: { integrationTimeoutMs: 50 } } },
    { flags: { integrationTimeout: '29' }, settings: { timeLimits: { integrationTimeoutMs: 29_000 } } },
    { flags: { pingsKeepOpen: true }, settings: { pingsKeepOpen: true } },
    { flags: { shuffle: true }, settings: { shuffle: 'random' } },
    { flags: { shuffle: '0' }, settings: { shuffle: 0 } },
    { flags: { shuffle: '4294967295' }, settings: { shuffle: 0xffff_ffff } },
  ])('$flags', ({ flags, settings }) => {
    expect(sandboxSettings(flags, {})).toMatchObject(settings);
  });

  test.for<[keyof SandboxFlags, string, string]>([
    ['idleTimeout', '--idle-timeout', '600.001'],
    ['connectionDuration', '--connection-duration', '7201'],
    ['integrationTimeout', '--integration-timeout', '29.1'],
    ['integrationTimeout', '--integration-timeout', '0.049'],
    ...['0', '-1', '', 'x', '1e1', ' 5', '5s', '.5', '5.', '0x5', 'Infinity'].map(
      (text): [keyof SandboxFlags, string, string] => ['idleTimeout', '--idle-timeout', text],
    ),
  ])('%s %s %j is refused', ([name, flag, text]) => {
    expect(() => sandboxSettings({ [name]: text }, {})).toThrow(
      expect.objectContaining({ code: 'TIME_LIMIT_INVALID', message: expect.stringContaining(`${flag} is "${text}"`) }),
    );
  });

  test.for(['', '-1', '4294967296', '99999999999', '1.5', 'x'])('the seed %j is none', (shuffle) => {
    expect(() => sandboxSettings({ shuffle }, {})).toThrow(expect.objectContaining({ code: 'SHUFFLE_SEED_INVALID' }));
  });
});
