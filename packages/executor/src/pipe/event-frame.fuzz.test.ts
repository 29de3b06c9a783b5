import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageEvent, type ConnectionFacts } from '@furrow/protocol';
import { createFrameReader, createFrameWriter, type FrameWriter } from './codec.ts';
import { readEvent, readMessage, writeEvent, writeMessage, type ReceivedEvent } from './event-frame.ts';

const uuid = '1a247ca3-ee00-4000-8000-000000000000';
const id = fc.stringMatching(/^[A-Za-z0-9_-]{15}=$/);
/** What comes over a wire: UTF-8, so no half of a pair. */
const text = fc.string({ unit: 'grapheme', maxLength: 80 });
const head = fc.record({
  sequence: fc.nat(0xffff_ffff),
  ticket: fc.nat(0xffff_ffff),
  timeoutMs: fc.nat(900_000),
  requestId: fc.constant(uuid),
});

function sent<Read>(write: (frame: FrameWriter) => void, read: (payload: Buffer) => Read): Read {
  const frame = createFrameWriter();
  frame.begin(1);
  write(frame);
  frame.end();
  const found: Read[] = [];
  createFrameReader((_kind, payload) => found.push(read(payload)))(frame.flush() ?? Buffer.alloc(0));
  const [one] = found;
  if (one === undefined) throw new Error('Expected a frame.');
  return one;
}

function expectHead(received: ReceivedEvent | undefined, expected: object): void {
  expect(received).toMatchObject(expected);
}

test('an event of text arrives as it was', () => {
  fc.assert(
    fc.property(head, fc.option(id, { nil: '' }), fc.jsonValue(), (given, openConnectionId, value) => {
      const json = JSON.stringify(value);
      const received = sent((frame) => writeEvent(frame, given, openConnectionId, json), readEvent);
      expectHead(received, { ...given, openConnectionId });
      expect(received.make()).toEqual(JSON.parse(json));
    }),
  );
});

test('the event of a message is made of what its connection has told and its own', () => {
  const connections = fc.record({
    connectionId: id,
    apiId: fc.constant('abcdef1234'),
    domainName: text,
    stage: text,
    connectedAtMs: fc.nat(),
    sourceIp: fc.ipV6(),
    userAgent: fc.option(text, { nil: undefined }),
    stageVariables: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }),
    authorizer: fc.option(fc.dictionary(fc.string(), fc.oneof(text, fc.integer())), { nil: undefined }),
  });
  const messages = fc.record({
    routeKey: text,
    messageId: id,
    requestId: id,
    atMs: fc.nat(4_102_444_800_000),
    body: text,
  });
  fc.assert(
    fc.property(head, connections, messages, fc.boolean(), (given, connection, message, takesUnconfirmed) => {
      const { connectionId } = connection;
      // As it is told: in JSON.
      const told: ConnectionFacts = JSON.parse(JSON.stringify(connection));
      const received = sent(
        (frame) => writeMessage(frame, given, { connectionId, takesUnconfirmed }, message),
        (payload) => readMessage(payload, new Map([[connectionId, told]])),
      );
      expectHead(received, { ...given, openConnectionId: takesUnconfirmed ? connectionId : '' });
      expect(JSON.stringify(received?.make())).toBe(JSON.stringify(messageEvent(connection, message)));
    }),
  );
});

test('each event is a new one, and the next is not what a handler made of it', () => {
  const connection: ConnectionFacts = {
    connectionId: 'TXzPWdnOjoECGjA=',
    apiId: 'abcdef1234',
    domainName: 'localhost:3333',
    stage: 'testing',
    connectedAtMs: 1,
    sourceIp: '127.0.0.1',
    authorizer: { principalId: 'me' },
    stageVariables: { color: 'blue' },
  };
  const message = { routeKey: '$default', messageId: 'a'.repeat(16), requestId: 'b'.repeat(16), atMs: 2, body: 'hi' };
  const first = messageEvent(connection, message);
  const before = JSON.stringify(first);
  Object.assign(first.requestContext.identity, { sourceIp: 'changed' });
  Object.assign(first.requestContext.authorizer ?? {}, { principalId: 'changed' });
  Object.assign(first.stageVariables ?? {}, { color: 'changed' });
  expect(JSON.stringify(messageEvent(connection, message))).toBe(before);
});

test('a message of a connection that nothing is known of is none', () => {
  const given = { sequence: 1, ticket: 1, timeoutMs: 1, requestId: uuid };
  const message = { routeKey: '$default', messageId: 'a'.repeat(16), requestId: 'b'.repeat(16), atMs: 2, body: 'hi' };
  const received = sent(
    (frame) => writeMessage(frame, given, { connectionId: 'TXzPWdnOjoECGjA=', takesUnconfirmed: true }, message),
    (payload) => ({ read: readMessage(payload, new Map()) }),
  );
  expect(received.read).toBeUndefined();
});
