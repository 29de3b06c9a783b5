import { describe, expect, test } from 'vitest';
import { parseRouteExpression, type ExpressionPart } from './route-expression.ts';

const text = (value: string): ExpressionPart => ({ type: 'text', text: value });
const path = (...steps: (string | number)[]): ExpressionPart => ({ type: 'path', path: steps });

describe('an expression', () => {
  test.for<{ why: string; expression: string; parts: readonly ExpressionPart[] }>([
    { why: 'C2 the default', expression: '$request.body.action', parts: [path('action')] },
    { why: 'C2 in braces', expression: '${request.body.action}', parts: [path('action')] },
    {
      why: 'C2 of two',
      expression: '${request.body.service}/${request.body.action}',
      parts: [path('service'), text('/'), path('action')],
    },
    { why: 'C2 text', expression: 'action', parts: [text('action')] },
    { why: 'C2 an escape', expression: String.raw`\$default`, parts: [text('$'), text('default')] },
    { why: 'text that is not ASCII', expression: 'žluťoučký 🐎', parts: [text('žluťoučký 🐎')] },
    { why: 'braces in text', expression: '{a}', parts: [text('{a}')] },
    { why: 'C3 nested', expression: '$request.body.meta.action', parts: [path('meta', 'action')] },
    { why: 'C3 an index', expression: '$request.body.list[0]', parts: [path('list', 0)] },
    { why: 'C3 an index of the body', expression: '$request.body[12].a', parts: [path(12, 'a')] },
    { why: 'C3 the body', expression: '$request.body', parts: [path()] },
    { why: 'C3 a name in quotes', expression: `$request.body['a.b c']`, parts: [path('a.b c')] },
    { why: 'C3 in double quotes', expression: '${request.body["a]b"]}', parts: [path('a]b')] },
    { why: 'a name with a hyphen', expression: '$request.body.the-action_1', parts: [path('the-action_1')] },
    { why: 'a name that objects have', expression: '$request.body.__proto__', parts: [path('__proto__')] },
  ])('$why: $expression', ({ expression, parts }) => {
    expect(parseRouteExpression(expression)).toEqual(parts);
  });

  test.for([
    '',
    '$',
    '$default',
    'a$b',
    '$request.header.a',
    '${request.header.a}',
    '$context.connectionId',
    '$request.body.',
    '$request.body..a',
    '$request.body.a b',
    '$request.body.*',
    '$request.body.a/b',
    '$request.body.a[]',
    '$request.body.a[-1]',
    '$request.body.a[0:1]',
    '$request.body.a[*]',
    '$request.body.a[?(@.b)]',
    `$request.body['a`,
    `$request.body['']`,
    '$request.body.a$request.body.b',
    '$request.bodya',
    '${request.body.a',
    '${request.body.a}}${',
    '${}',
    String.raw`a\b`,
    String.raw`a\\`,
  ])('%s is none', (expression) => {
    expect(parseRouteExpression(expression)).toBe(undefined);
  });
});
