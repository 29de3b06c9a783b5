import { expect, test } from 'vitest';
import { errors } from './errors.ts';

test.for([
  { reason: 'No such bucket', message: 'No such bucket. Nothing was changed.' },
  { reason: 'No such bucket.', message: 'No such bucket. Nothing was changed.' },
  { reason: '', message: 'AWS gives no reason. Nothing was changed.' },
])('the reason "$reason" is a sentence of its own', ({ reason, message }) =>
  expect(errors.changeSetFailed('AppStaging', reason).message).toBe(
    `CloudFormation could not plan the change of AppStaging: ${message}`,
  ),
);
