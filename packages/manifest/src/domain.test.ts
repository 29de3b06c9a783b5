import { expect, test } from 'vitest';
import { interpretManifest } from './manifest.ts';

const arn = 'arn:aws:acm:us-west-2:123456789012:certificate/1a2b-3c4d';
const read = (aws: string) => interpretManifest({ file: 'app.arc', text: `@app\nx\n@ws\n@aws\n${aws}` });

test('a domain and its certificate', async () => {
  const found = await read(`region us-west-2\ndomain chat.example.com\ncertificate ${arn}`);
  expect(found).toMatchObject({ ok: true, app: { domain: 'chat.example.com', certificate: arn } });
});

test.for([
  { aws: 'domain chat.example.com', line: 5, message: '"domain" has no "certificate".' },
  { aws: `certificate ${arn}`, line: 5, message: '"certificate" has no "domain".' },
  { aws: `domain Chat.example.com\ncertificate ${arn}`, line: 5, message: '"domain" cannot be' },
  { aws: `domain localhost\ncertificate ${arn}`, line: 5, message: '"domain" cannot be' },
  { aws: `domain https://a.com\ncertificate ${arn}`, line: 5, message: '"domain" cannot be' },
  { aws: `domain a.com\ncertificate a.com`, line: 6, message: '"certificate" cannot be' },
  {
    aws: `region us-east-1\ndomain a.com\ncertificate ${arn}`,
    line: 7,
    message: 'This certificate is in us-west-2, the app in us-east-1.',
  },
])('$aws', async ({ aws, line, message }) => {
  const found = await read(aws);
  expect(found.ok).toBe(false);
  expect(found.problems).toMatchObject([{ code: 'SETTING_VALUE', line, message: expect.stringContaining(message) }]);
});
