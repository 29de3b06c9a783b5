import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { selectRoute } from './routes.ts';

const runs = { numRuns: 1000, seed: 20_261_123 };
const routeKeys = new Set(['join', '1', 'true', '$connect', '$disconnect']);
const pieces = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  '"action"',
  '"join"',
  '1',
  'true',
  'null',
  '\\',
  ' ',
  '$connect',
);
const body = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.json(),
  fc.json().map((json) => `{"action":${json}}`),
  fc.constantFrom(...routeKeys).map((action) => JSON.stringify({ action })),
);

test('any text has a route, and never a lifecycle one', () => {
  fc.assert(
    fc.property(body, (text) => {
      expect(['join', '1', 'true', '$default']).toContain(selectRoute(text, routeKeys));
    }),
    runs,
  );
});

test('a route is found by its name, whatever is beside it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.jsonValue()), (action, rest) => {
      const route = selectRoute(JSON.stringify({ ...rest, action }), new Set([action]));
      expect(route).toBe(action.startsWith('$') ? '$default' : action);
    }),
    runs,
  );
});
