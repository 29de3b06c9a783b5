import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../test/support/fuzz-runs.ts';
import { connectEvent, messageEvent } from './ws-events.ts';

const runs = fuzzRuns(1000);
/** UTF-16 units, so that surrogates come alone as well. */
const units = fc
  .array(fc.integer({ min: 0, max: 0xff_ff }), { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes));
const text = fc.oneof(units, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.json());
const facts = fc.record({
  connectionId: fc.constant('PJqB0fHsqRcCHlw='),
  apiId: fc.constant('abcdef1234'),
  domainName: text,
  stage: text,
  connectedAtMs: fc.nat(),
  sourceIp: text,
  userAgent: fc.option(text, { nil: undefined }),
  stageVariables: fc.option(fc.dictionary(text, text), { nil: undefined }),
  authorizer: fc.option(fc.dictionary(text, text), { nil: undefined }),
});
const request = { requestId: 'PJqCFEqHqRcFd0w=', atMs: 1_701_245_043_417 };

test('a message comes back as it went in', () => {
  fc.assert(
    fc.property(facts, text, text, (connection, routeKey, body) => {
      const event = JSON.stringify(
        messageEvent(connection, { ...request, messageId: 'PJqCFfHyKRcCHlw=', routeKey, body }),
      );
      expect(JSON.parse(event)).toMatchObject({
        requestContext: {
          routeKey,
          stage: connection.stage,
          domainName: connection.domainName,
          connectedAt: connection.connectedAtMs,
          identity: { sourceIp: connection.sourceIp },
        },
        body,
        isBase64Encoded: false,
      });
      expect(JSON.stringify(JSON.parse(event))).toBe(event);
    }),
    runs,
  );
});

test('every header and parameter is there, whatever its name', () => {
  const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a', 'A', '1'), text);
  fc.assert(
    fc.property(facts, fc.array(fc.tuple(name, text)), (connection, pairs) => {
      const event = connectEvent(connection, { ...request, headers: pairs, query: pairs });
      for (const [key, value] of pairs) {
        expect(event.multiValueHeaders[key]).toContain(value);
        expect(Object.hasOwn(event.headers, key)).toBe(true);
        expect(event.headers[key]).toBe(event.multiValueHeaders[key]!.at(-1));
      }
      expect(Object.values(event.multiValueHeaders).flat()).toHaveLength(pairs.length);
      expect('queryStringParameters' in event).toBe(pairs.length > 0);
    }),
    runs,
  );
});
