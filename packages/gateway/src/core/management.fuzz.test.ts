import * as fc from 'fast-check';
import { isConnectionId } from '@furrow/protocol';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import {
  checkManagementRequest,
  connectionsPath,
  managementRequest,
  managementResponse,
  namesConnections,
} from './management.ts';

const pieces = fc.constantFrom(
  ...'/ // testing staging @connections %40connections _arc _arc/ws ws .. . %2e%2e %2f %00 % %zz %ff = %3D %253D'.split(
    ' ',
  ),
  'TXzPWdnOjoECGjA',
  'TXzPWdnOjoECGjA=',
  '\u0000',
  '\r\n',
  '?',
  '#',
);
const path = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces, { maxLength: 10 }).map((parts) => parts.join('')),
  fc.array(pieces, { maxLength: 6 }).map((parts) => `/testing/@connections/${parts.join('')}`),
);
const method = fc.oneof(fc.constantFrom('POST', 'GET', 'DELETE', 'PUT', 'post', '__proto__', ''), fc.string());

test('any path is one of the stage or none, and every one of the stage names connections', () => {
  fc.assert(
    fc.property(path, (asked) => {
      const target = connectionsPath(asked, 'testing');
      if (target === undefined) return;
      expect(typeof target.connectionId).toBe('string');
      expect(asked).toMatch(/^\/+(?:testing|_arc\/+ws)\/+(?:@|%40)connections/);
      expect(namesConnections(asked)).toBe(true);
    }),
    fuzzRuns(2000),
  );
});

test('any id and method get an answer of AWS', () => {
  fc.assert(
    fc.property(method, path, fc.uint8Array(), (verb, asked, body) => {
      const target = connectionsPath(asked, 'testing');
      const request = managementRequest(verb, target?.connectionId ?? asked, Buffer.from(body));
      if (request === undefined) return;
      const refusal = checkManagementRequest(request, 131_072);
      expect(refusal === undefined).toBe(isConnectionId(request.connectionId));
      const answer = managementResponse(request, refusal ?? { type: 'refused', refusal: 'gone' });
      expect([400, 410]).toContain(answer.statusCode);
      expect(answer.headers['x-amzn-ErrorType']).toMatch(/^[A-Za-z]+Exception$/);
      expect(answer.body).toMatch(answer.statusCode === 410 ? /^$/ : /^\{"message":".*"\}$/);
    }),
    fuzzRuns(1000),
  );
});
