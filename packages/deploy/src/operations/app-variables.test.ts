import { isUserError } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { checkVariables, checkVariablesSize } from './app-variables.ts';

const most = 3072;
/** Of `{"KEY":""}`. */
const frame = 10;

function isTooLarge(variables: Parameters<typeof checkVariablesSize>[0]): boolean {
  try {
    checkVariablesSize(variables);
    return false;
  } catch (error) {
    return isUserError(error) && error.code === 'VARIABLES_TOO_LARGE';
  }
}

const key = (value: string) => [{ name: 'KEY', value }];

describe('variables are measured as Lambda does, by their JSON text', () => {
  test.for([
    { why: 'as much as fits', variables: key('x'.repeat(most - frame)), isRefused: false },
    { why: 'a byte more', variables: key('x'.repeat(most - frame + 1)), isRefused: true },
    { why: 'quotes, each two bytes', variables: key('"'.repeat((most - frame) / 2 + 1)), isRefused: true },
    { why: 'ends of lines, each two bytes', variables: key('\n'.repeat((most - frame) / 2)), isRefused: false },
    { why: 'letters of several bytes', variables: key('\u00e9'.repeat((most - frame) / 2 + 1)), isRefused: true },
    {
      why: 'many small ones, whose quotes and commas are most of it',
      variables: Array.from({ length: 300 }, (_, index) => ({ name: `K${index}`, value: 'xx' })),
      isRefused: true,
    },
    {
      why: 'what never reaches a function',
      variables: [{ name: 'AWS_REGION', value: 'x'.repeat(most) }],
      isRefused: false,
    },
    { why: 'none', variables: [], isRefused: false },
  ])('$why', ({ variables, isRefused }) => {
    expect(isTooLarge(variables)).toBe(isRefused);
  });

  test('the largest one is named, and no value', () => {
    const variables = [
      { name: 'LONG', value: 'x'.repeat(1500) },
      { name: 'QUOTED', value: '"'.repeat(1000) },
    ];
    const message = `The variables have 3523 bytes as JSON; Lambda leaves ${most} for them. The largest is QUOTED.`;
    expect(() => checkVariables(variables)).toThrow(expect.objectContaining({ message }));
  });
});

test.for([
  { names: ['my-key', 'GOOD', 'a.b'], message: 'Lambda takes no variable that is called "my-key" or "a.b".' },
  { names: ['X'], message: 'Lambda takes no variable that is called "X".' },
])('names that another tool gave and Lambda refuses: $names', ({ names, message }) => {
  const check = () => checkVariables(names.map((name) => ({ name, value: 'x' })));
  expect(check).toThrow(
    expect.objectContaining({
      code: 'VARIABLE_NAME',
      message,
      fix: expect.stringMatching(/arc env remove [\w.-]+ --env STAGE"/),
    }),
  );
});

test('a name that is kept from functions anyway is no fault', () => {
  expect(() => checkVariables([{ name: '_HANDLER', value: 'x' }])).not.toThrow();
});
