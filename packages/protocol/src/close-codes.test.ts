import { describe, expect, test } from 'vitest';
import { closeCodes, reportedClose } from './close-codes.ts';

describe('codes', () => {
  test.for([
    { name: 'deleted', code: 1000, reason: 'Connection Closed Normally' },
    { name: 'goingAway', code: 1001, reason: 'Going away' },
    { name: 'protocolError', code: 1002, reason: '' },
    { name: 'binaryRefused', code: 1003, reason: '' },
    { name: 'noStatus', code: 1005, reason: 'Client-side close frame status not set' },
    { name: 'abnormal', code: 1006, reason: '' },
    { name: 'invalidText', code: 1007, reason: '' },
    { name: 'tooManyRequests', code: 1008, reason: '' },
    { name: 'tooBig', code: 1009, reason: '' },
    { name: 'internalError', code: 1011, reason: '' },
    { name: 'serviceRestart', code: 1012, reason: '' },
  ] as const)('$name is $code', ({ name, code, reason }) => {
    expect(closeCodes[name]).toEqual({ code, reason });
  });

  test('there are no others', () => {
    expect(Object.keys(closeCodes)).toHaveLength(11);
  });
});

describe('what a disconnect event reports', () => {
  test.for([
    { why: 'T029 code and text', code: 1000, reason: 'bye', reported: { code: 1000, reason: 'bye' } },
    {
      why: 'T030 a close frame without a code',
      code: 1005,
      reason: '',
      reported: { code: 1005, reason: 'Client-side close frame status not set' },
    },
    { why: 'T031 a code without text', code: 1001, reason: '', reported: { code: 1001, reason: '' } },
    { why: 'T032 no close frame', code: 1006, reason: '', reported: { code: 1006, reason: '' } },
    { why: "an app's own code", code: 4001, reason: '\u{1f44b}', reported: { code: 4001, reason: '\u{1f44b}' } },
  ])('$why', ({ code, reason, reported }) => {
    expect(reportedClose(code, reason)).toEqual(reported);
  });
});
