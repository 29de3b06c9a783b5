import assert from 'node:assert/strict';
import type { Row } from '../row.ts';
import { guide, issue, ours } from './sources.ts';

/** AWS on messages to connections that are not there. */
const goneAdvice = 'https://repost.aws/knowledge-center/410-gone-api-gateway';

/** The 101 and the connection's first moments: T021 to T028. */
export const connectRows: readonly Row[] = [
  {
    id: 'T021',
    rule: 'Of the subprotocols that a client offers, the connection has the one that the connect function returns.',
    source: guide('websocket-connect-route-subprotocol'),
    async run({ connect }) {
      const result = { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'b' } };
      const client = await connect({ protocols: ['a', 'b'], scripts: { connect: [{ return: result }] } });
      assert.equal(client.socket.protocol, 'b');
    },
  },
  {
    id: 'T022',
    rule: 'Where the connect function names no subprotocol, the 101 names none, and a client that offered one gives up.',
    source: issue('localstack/localstack', 6521),
    async run({ raw, connect }) {
      const head = (await raw({ headers: { 'Sec-WebSocket-Protocol': 'a' } })).head;
      assert.match(head, /^HTTP\/1\.1 101 /);
      assert.doesNotMatch(head, /^sec-websocket-protocol:/im);
      await assert.rejects(connect({ protocols: ['a'] }), /Server sent no subprotocol/);
    },
  },
  {
    id: 'T023',
    rule: 'The connect function may write Sec-WebSocket-Protocol in lower case.',
    source: ours,
    isOurChoice: true,
    async run({ connect }) {
      const result = { statusCode: 200, headers: { 'sec-websocket-protocol': 'b' } };
      const client = await connect({ protocols: ['a', 'b'], scripts: { connect: [{ return: result }] } });
      assert.equal(client.socket.protocol, 'b');
    },
  },
  {
    id: 'T024',
    rule: 'No other header that the connect function returns is on the 101, a cookie least of all.',
    source: issue('aws/chalice', 1768),
    async run({ raw }) {
      const result = { statusCode: 200, headers: { 'X-A': '1', 'Set-Cookie': 'a=b' } };
      const head = (await raw({ scripts: { connect: [{ return: result }] } })).head;
      assert.match(head, /^HTTP\/1\.1 101 /);
      assert.doesNotMatch(head, /^(?:x-a|set-cookie):/im);
    },
  },
  {
    id: 'T025',
    rule: 'A connect function that sends to its own connection gets 410; the client comes in all the same.',
    source: goneAdvice,
    async run({ observer, connect }) {
      const watcher = await observer();
      const client = await connect({ scripts: { connect: [{ attempt: ['send'], tell: watcher.id }] } });
      assert.deepEqual((await watcher.nextJson()).outcomes, [gone('send')]);
      await client.askId();
      assert.deepEqual(client.messages, []);
    },
  },
  {
    id: 'T026',
    rule: 'A connect function that asks about its own connection, or closes it, gets 410.',
    source: ours,
    isOurChoice: true,
    async run({ observer, connect }) {
      const watcher = await observer();
      const client = await connect({ scripts: { connect: [{ attempt: ['info', 'close'], tell: watcher.id }] } });
      assert.deepEqual((await watcher.nextJson()).outcomes, [gone('info'), gone('close')]);
      await client.askId();
    },
  },
  {
    id: 'T027',
    rule: 'As soon as the client sees its connection open, it can be sent to.',
    source: goneAdvice,
    async run({ observer, connect, manage }) {
      const watcher = await observer();
      const client = await connect({ scripts: { connect: [{ tell: watcher.id }] } });
      const { connectionId } = (await watcher.nextJson()).event.requestContext;
      assert.equal((await manage('POST', connectionId, 'welcome')).statusCode, 200);
      assert.equal(await client.next(), 'welcome');
    },
  },
  {
    id: 'T028',
    rule: 'A client that is refused has no connection: disconnect does not run, and its id is answered 410.',
    source: guide('apigateway-websocket-api-route-keys-connect-disconnect'),
    async run({ observer, refused, quiet, manage }) {
      const watcher = await observer();
      const tell = { tell: watcher.id };
      await refused({ scripts: { connect: [tell, { return: { statusCode: 403 } }], disconnect: [tell] } });
      const { connectionId } = (await watcher.nextJson()).event.requestContext;
      await quiet();
      assert.deepEqual(watcher.messages, []);
      assert.equal((await manage('POST', connectionId, 'hello')).statusCode, 410);
    },
  },
];

function gone(operation: string) {
  return { operation, isDone: false, name: 'GoneException', statusCode: 410 };
}
