import assert from 'node:assert/strict';
import type { Client } from '../client/client.ts';
import type { Kit } from '../kit.ts';
import type { Row } from '../row.ts';
import { assertErrorFrame } from './error-frame.ts';
import { guide, issue, ours } from './sources.ts';

const routes = guide('websocket-api-develop-routes');
const script = [{ tell: 'self' }];

/** Sends a value with a script, and returns the route that it took. */
async function routeOf(client: Client, message: object): Promise<string> {
  client.send(JSON.stringify({ ...message, script }));
  return (await client.nextJson()).event.requestContext.routeKey;
}

/** Sends a text that cannot have a script, and expects it at `$default` as it was. */
async function expectAtDefault({ connect }: Kit, texts: readonly string[]): Promise<void> {
  const client = await connect({ scripts: { message: script } });
  for (const text of texts) {
    client.send(text);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { event } = await client.nextJson();
    assert.equal(event.requestContext.routeKey, '$default', text);
    assert.equal(event.body, text);
  }
}

/** Which route a message takes: T067 to T079. */
export const routingRows: readonly Row[] = [
  {
    id: 'T067',
    rule: 'An object whose action is the name of a route goes to that route.',
    source: routes,
    async run({ connect }) {
      assert.equal(await routeOf(await connect(), { action: 'join' }), 'join');
    },
  },
  {
    id: 'T068',
    rule: 'Names of routes are compared letter by letter: JOIN is not join, and goes to $default.',
    source: routes,
    async run({ connect }) {
      const client = await connect();
      for (const action of ['JOIN', 'Join', 'join ', ' join', 'joi', 'joins'])
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        assert.equal(await routeOf(client, { action }), '$default', action);
    },
  },
  {
    id: 'T069',
    rule: 'A text that is not JSON goes to $default.',
    source: routes,
    run: (kit) => expectAtDefault(kit, ['hello', '[', 'join', '{"action":"join"']),
  },
  {
    id: 'T070',
    rule: 'An empty message goes to $default, with an empty body.',
    source: routes,
    run: (kit) => expectAtDefault(kit, ['']),
  },
  {
    id: 'T071',
    rule: 'An object without action goes to $default.',
    source: routes,
    async run({ connect }) {
      const client = await connect();
      assert.equal(await routeOf(client, { x: 1 }), '$default');
      assert.equal(await routeOf(client, { Action: 'join' }), '$default');
    },
  },
  {
    id: 'T072',
    rule: 'JSON that is no object goes to $default.',
    source: routes,
    run: (kit) => expectAtDefault(kit, ['[1]', '5', '"join"']),
  },
  {
    id: 'T073',
    rule: 'An action that is a number counts by its text: 1 goes to the route 1.',
    source: routes,
    async run({ connect }) {
      assert.equal(await routeOf(await connect(), { action: 1 }), '1');
    },
  },
  {
    id: 'T074',
    rule: 'A selection expression of two parts puts their values and what is between them together.',
    source: routes,
    variant: 'expression-parts',
    async run({ connect }) {
      const client = await connect();
      assert.equal(await routeOf(client, { service: 'chat', action: 'join' }), 'chat/join');
      assert.equal(await routeOf(client, { service: 'join', action: 'chat' }), '$default');
    },
  },
  {
    id: 'T075',
    rule: 'A part of a selection expression that a message lacks counts as empty.',
    source: routes,
    variant: 'expression-missing',
    async run({ connect }) {
      const client = await connect();
      assert.equal(await routeOf(client, { action: 'join' }), 'join-');
      assert.equal(await routeOf(client, { action: 'join', nope: 'x' }), '$default');
    },
  },
  {
    id: 'T076',
    rule: 'A selection expression finds a value inside of others.',
    source: routes,
    variant: 'expression-nested',
    async run({ connect }) {
      const client = await connect();
      assert.equal(await routeOf(client, { meta: { action: 'join' } }), 'join');
      assert.equal(await routeOf(client, { action: 'join' }), '$default');
    },
  },
  {
    id: 'T077',
    rule: 'A selection expression without a variable names one route for every message.',
    source: routes,
    variant: 'expression-static',
    async run({ connect }) {
      const client = await connect();
      assert.equal(await routeOf(client, { action: 'join' }), 'action');
      assert.equal(await routeOf(client, { x: 1 }), 'action');
    },
  },
  {
    id: 'T078',
    rule: 'Where no route fits and there is no $default, the client gets the frame of Forbidden and stays connected; nothing runs.',
    source: issue('aws-samples/simple-websockets-chat-app', 24),
    variant: 'no-default',
    run: (kit) => expectForbidden(kit, ['zzz']),
  },
  {
    id: 'T079',
    rule: 'A message cannot reach the connect function, or any other route of API Gateway itself, by its name.',
    source: ours,
    isOurChoice: true,
    variant: 'no-default',
    run: (kit) => expectForbidden(kit, ['$connect', '$disconnect', '$default']),
  },
];

async function expectForbidden({ observer, connect, quiet }: Kit, actions: readonly string[]): Promise<void> {
  const witness = await observer();
  const tell = [{ tell: witness.id }];
  const client = await connect({ scripts: { connect: tell, message: tell, disconnect: tell } });
  const { connectionId } = (await witness.nextJson()).event.requestContext;
  for (const action of actions) {
    client.send(JSON.stringify({ action }));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    assertErrorFrame(await client.next(), 'Forbidden', connectionId);
  }
  await quiet();
  assert.deepEqual(witness.messages, []);
  assert.equal(await client.askId(), connectionId);
}
