import { expect, test } from 'vitest';
import type { ConnectionFacts } from '@furrow/protocol';
import { createBatch } from './batch.ts';
import { createFrameReader, toChild } from './codec.ts';
import { createKnownConnections, mostKnownBytes } from './known-connections.ts';

const connection = (connectionId: string, color = 'blue'): ConnectionFacts => ({
  connectionId,
  apiId: 'abcdef1234',
  domainName: 'localhost:3333',
  stage: 'testing',
  connectedAtMs: 1,
  sourceIp: '127.0.0.1',
  stageVariables: { color },
});

/** What the process of a batch would know. */
function open() {
  const held = new Map<string, ConnectionFacts>();
  let told = 0;
  const read = createFrameReader((kind, payload) => {
    const text = payload.toString('utf8');
    if (kind === toChild.forget) held.delete(text);
    if (kind !== toChild.connection) return;
    told += 1;
    const facts: ConnectionFacts = JSON.parse(text);
    held.set(facts.connectionId, facts);
  });
  const batch = createBatch(read);
  const known = createKnownConnections(batch);
  return { known, held, told: () => (batch.flush(), told) };
}

test('a connection is told once, and again when it is another record', () => {
  const { known, held, told } = open();
  const one = connection('a=');
  known.tell(one);
  known.tell(one);
  expect(told()).toBe(1);
  known.tell(connection('a=', 'green'));
  expect(told()).toBe(2);
  expect(held.get('a=')?.stageVariables).toEqual({ color: 'green' });
});

test('one that was forgotten is told again', () => {
  const { known, told } = open();
  const one = connection('a=');
  expect(known.forget('a=')).toBe(false);
  known.tell(one);
  expect(known.forget('a=')).toBe(true);
  known.tell(one);
  expect(told()).toBe(2);
});

test('a process holds no more than it may', () => {
  const { known, held, told } = open();
  const large = 'x'.repeat(mostKnownBytes / 8);
  const all = Array.from({ length: 20 }, (_, index) => connection(`${index}=`, large));
  for (const one of all) known.tell(one);
  expect(told()).toBe(all.length);
  expect([...held.keys()]).toEqual(Array.from({ length: 7 }, (_, index) => `${index + 13}=`));
  known.tell(connection('huge=', 'x'.repeat(2 * mostKnownBytes)));
  expect(told()).toBe(all.length + 1);
  expect([...held.keys()]).toEqual(['huge=']);
});
