import { describe, expect, test } from 'vitest';
import { appParameters, parseOwnParameters } from './parameters.ts';

const facts = {
  stackName: 'TestappTesting',
  managementUrl: 'http://localhost:3333/testing',
  webSocketUrl: 'ws://localhost:3333/testing',
  port: 3333,
  tables: new Map<string, string>(),
  tablesUrl: 'http://localhost:3333',
  messages: new Map<string, string>(),
  messagesPort: undefined,
};

test.for([
  {
    why: 'with static files',
    staticDir: '/app/public',
    more: { 'static/bucket': '/app/public', 'static/fingerprint': 'false' },
  },
  { why: 'without', staticDir: undefined, more: {} },
  {
    why: 'with tables',
    staticDir: undefined,
    tables: new Map([['rooms', 'TestappTesting-RoomsTable-1']]),
    more: {
      'tables/rooms': 'TestappTesting-RoomsTable-1',
      'ARC_SANDBOX/ports': '{"http":3333,"_arc":3333,"tables":3333}',
    },
  },
  {
    why: 'with events and queues',
    staticDir: undefined,
    own: { messages: new Map([['events/likes', 'arn:aws:sns:us-west-2:123456789012:Likes']]), messagesPort: 4444 },
    more: {
      'events/likes': 'arn:aws:sns:us-west-2:123456789012:Likes',
      'ARC_SANDBOX/ports': '{"http":3333,"_arc":3333,"events":4444,"queues":4444}',
    },
  },
])('the parameters of an app $why', ({ staticDir, tables = facts.tables, own = {}, more }) => {
  const expected = {
    'ws/https': 'http://localhost:3333/testing/@connections',
    'ws/wss': 'ws://localhost:3333/testing',
    'ARC_SANDBOX/ports': '{"http":3333,"_arc":3333}',
    ...more,
  };
  const below = [...appParameters({ ...facts, ...own, staticDir, tables })].map(([name, value]) => [
    name.replace('/TestappTesting/', ''),
    value,
  ]);
  expect(Object.fromEntries(below)).toEqual(expected);
});

describe('an app’s own parameters', () => {
  test.for<{ why: string; text: string; found: Record<string, string>; faults: string[] }>([
    { why: 'no file', text: '', found: {}, faults: [] },
    { why: 'an empty object', text: '{}\n', found: {}, faults: [] },
    {
      why: 'names below the stack',
      text: '{ "key": "a", "stripe/key.live-1": "b", "__proto__": "c" }',
      found: { '/S/key': 'a', '/S/stripe/key.live-1': 'b', '/S/__proto__': 'c' },
      faults: [],
    },
    {
      why: 'names and values that SSM would not take',
      text: JSON.stringify({
        '/key': 'a',
        'a b': 'a',
        'a//b': 'a',
        '': 'a',
        number: 1,
        empty: '',
        none: null,
        long: 'x'.repeat(4097),
        good: 'x'.repeat(4096),
      }),
      found: { '/S/good': 'x'.repeat(4096) },
      faults: ['/key', 'a b', 'a//b', '', 'number', 'empty', 'none', 'long'],
    },
    { why: 'no JSON', text: '{ key: 1 }', found: {}, faults: ['{ key: 1 }'] },
    { why: 'no object', text: '["key"]', found: {}, faults: ['["key"]'] },
    { why: 'null', text: 'null', found: {}, faults: ['null'] },
  ])('$why', ({ text, found, faults }) => {
    const own = parseOwnParameters(text, 'S');
    expect([...own.parameters]).toEqual(Object.keys(found).map((name) => [name, found[name]]));
    expect(own.faults).toEqual(faults);
  });
});
