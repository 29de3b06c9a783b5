import { expect, test } from 'vitest';
import { readRefusal } from './answer.ts';

const gone = { 'x-amzn-errortype': 'GoneException' };

test.for([
  { why: 'success', answer: { statusCode: 200, headers: {}, body: '' }, refusal: undefined },
  { why: 'success without content', answer: { statusCode: 204, headers: {}, body: '' }, refusal: undefined },
  {
    why: 'the name in the header, no body',
    answer: { statusCode: 410, headers: gone, body: '' },
    refusal: { name: 'GoneException', statusCode: 410, message: '' },
  },
  {
    why: 'what follows a colon is not the name',
    answer: { statusCode: 410, headers: { 'x-amzn-errortype': 'GoneException:http://internal/' }, body: '' },
    refusal: { name: 'GoneException', statusCode: 410, message: '' },
  },
  {
    why: 'the message in the body',
    answer: { statusCode: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: '{"Message":"no"}' },
    refusal: { name: 'AccessDeniedException', statusCode: 403, message: 'no' },
  },
  {
    why: 'the name in the body of a JSON service',
    answer: { statusCode: 400, headers: {}, body: '{"__type":"com.amazon.ssm#Throttled","message":"slow"}' },
    refusal: { name: 'Throttled', statusCode: 400, message: 'slow' },
  },
  {
    why: 'the name as code',
    answer: { statusCode: 400, headers: {}, body: '{"code":"Odd","message":1}' },
    refusal: { name: 'Odd', statusCode: 400, message: '' },
  },
  { why: '400 by status', answer: 400, refusal: 'BadRequestException' },
  { why: '403 by status', answer: 403, refusal: 'ForbiddenException' },
  { why: '410 by status', answer: 410, refusal: 'GoneException' },
  { why: '413 by status', answer: 413, refusal: 'PayloadTooLargeException' },
  { why: '429 by status', answer: 429, refusal: 'LimitExceededException' },
  { why: '502 by status', answer: 502, refusal: 'InternalServerError' },
  { why: '418 by status', answer: 418, refusal: 'UnknownError' },
  {
    why: 'the HTML of a proxy',
    answer: { statusCode: 504, headers: {}, body: '<h1>Gateway</h1>' },
    refusal: { name: 'InternalServerError', statusCode: 504, message: '' },
  },
  {
    why: 'JSON that is no object',
    answer: { statusCode: 500, headers: {}, body: '"oops"' },
    refusal: { name: 'InternalServerError', statusCode: 500, message: '' },
  },
])('$why', ({ answer, refusal }) => {
  const whole = typeof answer === 'number' ? { statusCode: answer, headers: {}, body: '' } : answer;
  const expected = typeof refusal === 'string' ? { name: refusal, statusCode: whole.statusCode, message: '' } : refusal;
  expect(readRefusal(whole)).toEqual(expected);
});
