import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanJson, type WantedValue } from './json-scan.ts';
import { createRouteSelector, lifecycleRoutes, routeSelectionExpression } from './routes.ts';

const selectRoute = createRouteSelector(routeSelectionExpression) ?? (() => lifecycleRoutes.default);
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
      expect(route).toBe(action === '' || action.startsWith('$') ? '$default' : action);
    }),
    runs,
  );
});

test('a long body has the route of a short one', () => {
  fc.assert(
    fc.property(body, (text) => {
      expect(selectRoute(`${text}${' '.repeat(16_384)}`, routeKeys)).toBe(selectRoute(text, routeKeys));
    }),
    runs,
  );
});

/** In a list, so that `undefined` is what is not JSON. */
function valueOf(text = ''): readonly unknown[] | undefined {
  try {
    return [JSON.parse(text)];
  } catch {
    return undefined;
  }
}

const everything: WantedValue = { isWanted: true, byKey: new Map(), byIndex: new Map() };

test('what is JSON is decided as JSON.parse does', () => {
  const mutilated = fc
    .tuple(fc.json(), fc.nat(), fc.string({ unit: 'binary', maxLength: 2 }))
    .map(([json, at, more]) => json.slice(0, at % (json.length + 1)) + more + json.slice(at % (json.length + 1)));
  fc.assert(
    fc.property(fc.oneof(body, mutilated), (text) => {
      expect(valueOf(scanJson(text, everything)?.get(everything))).toEqual(valueOf(text));
    }),
    runs,
  );
});
