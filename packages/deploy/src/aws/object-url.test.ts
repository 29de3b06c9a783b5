import { expect, test } from 'vitest';
import { objectUrl } from './object-url.ts';

test.for([
  { region: 'us-west-2', expected: 'https://s3.us-west-2.amazonaws.com/bucket/templates/a%20b.json' },
  { region: 'us-east-1', expected: 'https://s3.us-east-1.amazonaws.com/bucket/templates/a%20b.json' },
  { region: 'us-gov-west-1', expected: 'https://s3.us-gov-west-1.amazonaws.com/bucket/templates/a%20b.json' },
  { region: 'cn-north-1', expected: 'https://s3.cn-north-1.amazonaws.com.cn/bucket/templates/a%20b.json' },
  { region: 'eusc-de-east-1', expected: 'https://s3.eusc-de-east-1.amazonaws.eu/bucket/templates/a%20b.json' },
])('in $region', ({ region, expected }) => {
  expect(objectUrl(region, 'bucket', 'templates/a b.json')).toBe(expected);
});
