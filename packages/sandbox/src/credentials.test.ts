import { describe, expect, test } from 'vitest';
import { localCredentials } from './credentials.ts';

const none = { profiles: '' };

describe('keys for handlers', () => {
  test('without any, made-up ones whose secret is known', () => {
    const { variables, secretOf } = localCredentials({ HOME: '/home/me' }, none);
    expect(variables['AWS_ACCESS_KEY_ID']).toMatch(/^AKIAFURROW[0-9A-F]{10}$/);
    expect(secretOf(variables['AWS_ACCESS_KEY_ID'] ?? '')).toBe(variables['AWS_SECRET_ACCESS_KEY']);
    expect(secretOf('AKIAOTHER')).toBeUndefined();
    expect(variables).not.toHaveProperty('HOME');
  });

  test('made-up keys differ from run to run', () => {
    expect(localCredentials({}, none).variables).not.toEqual(localCredentials({}, none).variables);
  });

  test('the developer’s own reach handlers as they are, and their signatures can be verified', () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAMINE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
    const { variables, secretOf } = localCredentials(env, none);
    expect(variables).toEqual(env);
    expect(secretOf('AKIAMINE')).toBe('secret');
  });

  test.for([
    { why: 'a profile by variable', env: { AWS_PROFILE: 'me' }, profiles: '' },
    { why: 'keys in a file', env: {}, profiles: '[default]\naws_access_key_id = AKIA\n' },
    { why: 'single sign-on', env: {}, profiles: '[profile me]\nsso_session=work\n' },
    { why: 'a role of the machine', env: { AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, profiles: '' },
  ])('$why: no keys are made up', ({ env, profiles }) => {
    expect(localCredentials(env, { profiles }).variables).toEqual(env);
  });

  test('a file that only has a region has no keys', () => {
    const { variables } = localCredentials({}, { profiles: '[default]\nregion = eu-west-1\n' });
    expect(variables).toHaveProperty('AWS_ACCESS_KEY_ID');
  });

  test('the manifest’s profile is used where keys are configured and none is chosen', () => {
    const profiles = '[work]\nrole_arn = arn:aws:iam::1:role/x\n';
    expect(localCredentials({}, { profiles, profile: 'work' }).variables).toEqual({ AWS_PROFILE: 'work' });
    const chosen = localCredentials({ AWS_PROFILE: 'mine' }, { profiles, profile: 'work' });
    expect(chosen.variables).toEqual({ AWS_PROFILE: 'mine' });
  });
});
