import { expect, test } from 'vitest';
import { bucketName } from './deploy-bucket.ts';

const facts = { account: '123456789012', region: 'us-west-2' };

test.for(['testapp', 'my_app', 'MyApp', 'a', 'a'.repeat(100), 'app--with---dashes', 'a-'.repeat(20)])(
  'the deploy bucket of %s has a name that S3 takes',
  (appName) => {
    const name = bucketName(appName, facts);
    expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
    expect(name).not.toContain('--');
    expect(bucketName(appName, facts)).toBe(name);
  },
);

test('another app, account or region has another bucket', () => {
  const names = [
    bucketName('testapp', facts),
    bucketName('testApp', facts),
    bucketName('testapp', { ...facts, account: '210987654321' }),
    bucketName('testapp', { ...facts, region: 'eu-west-1' }),
  ];
  expect(new Set(names).size).toBe(4);
});
