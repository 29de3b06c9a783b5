import assert from 'node:assert/strict';
import type { Row } from '../row.ts';
import { guide, issue, observed } from './sources.ts';
import { threeEvents } from './three-events.ts';

const firefox = observed('2024-02', 'captured events of Firefox');
const wscat = observed('2023', 'captured events of wscat');
const messages = observed('2023-11', 'captured events of messages');
const variables = guide('apigateway-websocket-api-mapping-template-reference');

const idPattern = /^[A-Za-z0-9_-]{15}=$/;
const synthetic = ['Host', 'x-api-key', 'X-Forwarded-For', 'x-restapi'];

/** What functions get: T046 to T066. */
export const eventRows: readonly Row[] = [
  {
    id: 'T046',
    rule: 'The CONNECT event of a client without a query has exactly headers, multiValueHeaders, requestContext and isBase64Encoded, in this order.',
    source: firefox,
    async run(kit) {
      const { connect } = await threeEvents(kit);
      assert.deepEqual(Object.keys(connect), ['headers', 'multiValueHeaders', 'requestContext', 'isBase64Encoded']);
      assert.equal(connect.isBase64Encoded, false);
    },
  },
  {
    id: 'T047',
    rule: 'The query of a handshake is in the CONNECT event twice: as texts, and as lists of texts.',
    source: firefox,
    async run({ observer, connect }) {
      const witness = await observer();
      await connect({ query: 'a=1&b=2', scripts: { connect: [{ tell: witness.id }] } });
      const { event } = await witness.nextJson();
      assert.deepEqual(event.queryStringParameters, { a: '1', b: '2' });
      assert.deepEqual(event.multiValueQueryStringParameters, { a: ['1'], b: ['2'] });
      assert.deepEqual(Object.keys(event), [
        'headers',
        'multiValueHeaders',
        'queryStringParameters',
        'multiValueQueryStringParameters',
        'requestContext',
        'isBase64Encoded',
      ]);
    },
  },
  {
    id: 'T048',
    rule: 'CONNECT and DISCONNECT events have no body at all, neither null nor an empty one.',
    source: firefox,
    async run(kit) {
      const { connect, disconnect } = await threeEvents(kit);
      assert.equal('body' in connect, false);
      assert.equal('body' in disconnect, false);
    },
  },
  {
    id: 'T049',
    rule: 'Of a client that sent no User-Agent, identity has sourceIp alone.',
    source: wscat,
    async run({ observer, connect }) {
      const witness = await observer();
      const query = `script=${encodeURIComponent(JSON.stringify([{ tell: witness.id }]))}`;
      const client = await connect({ hasUserAgent: false, query });
      const { event } = await witness.nextJson();
      assert.deepEqual(Object.keys(event.requestContext.identity), ['sourceIp']);
      assert.deepEqual(Object.keys((await client.askEvent()).requestContext.identity), ['sourceIp']);
    },
  },
  {
    id: 'T050',
    rule: 'The User-Agent of the handshake is in the identity of every later event.',
    source: messages,
    async run(kit) {
      const { connect, message, disconnect } = await threeEvents(kit);
      const { identity } = message.requestContext;
      assert.deepEqual(Object.keys(identity), ['userAgent', 'sourceIp']);
      assert.match(identity.userAgent, /^conformance \{/);
      assert.equal(identity.userAgent, connect.headers['User-Agent']);
      assert.deepEqual(connect.requestContext.identity, identity);
      assert.deepEqual(disconnect.requestContext.identity, identity);
    },
  },
  {
    id: 'T051',
    rule: 'A MESSAGE event has exactly requestContext, body and isBase64Encoded, in this order: nothing of the handshake.',
    source: messages,
    async run({ connect }) {
      const client = await connect({ query: 'a=1', headers: { 'X-Own': '1' } });
      const event = await client.askEvent();
      assert.deepEqual(Object.keys(event), ['requestContext', 'body', 'isBase64Encoded']);
      assert.equal(event.isBase64Encoded, false);
    },
  },
  {
    id: 'T052',
    rule: 'The requestContext of a message has fourteen keys, in the order of AWS, messageId the second.',
    source: messages,
    async run({ connect }) {
      const { requestContext } = await (await connect()).askEvent();
      assert.equal(
        Object.keys(requestContext).join(' '),
        'routeKey messageId eventType extendedRequestId requestTime messageDirection stage connectedAt ' +
          'requestTimeEpoch identity requestId domainName connectionId apiId',
      );
      assert.equal(requestContext.eventType, 'MESSAGE');
      assert.equal(requestContext.messageDirection, 'IN');
      assert.match(requestContext.apiId, /^[a-z0-9]{10}$/);
    },
  },
  {
    id: 'T053',
    rule: 'The headers of a DISCONNECT event are Host and three empty ones, whatever the client sent.',
    source: firefox,
    async run(kit) {
      const { disconnect } = await threeEvents(kit);
      const { headers, multiValueHeaders } = disconnect;
      const { host } = new URL(kit.stage.url);
      assert.deepEqual(Object.keys(headers), synthetic);
      assert.deepEqual(Object.values(headers), [host, '', '', '']);
      assert.deepEqual(Object.keys(multiValueHeaders), synthetic);
      assert.deepEqual(Object.values(multiValueHeaders), [[host], [''], [''], ['']]);
    },
  },
  {
    id: 'T054',
    rule: 'Every id of every event is 16 characters of URL-safe base64, "=" the last.',
    source: firefox,
    async run(kit) {
      const { connect, message, disconnect } = await threeEvents(kit);
      for (const { requestContext } of [connect, message, disconnect]) {
        assert.match(requestContext.connectionId, idPattern);
        assert.match(requestContext.requestId, idPattern);
        assert.match(requestContext.extendedRequestId, idPattern);
      }
      assert.match(message.requestContext.messageId, idPattern);
    },
  },
  {
    id: 'T055',
    rule: 'requestId and extendedRequestId are the same in every event.',
    source: variables,
    async run(kit) {
      for (const { requestContext } of Object.values(await threeEvents(kit))) {
        assert.notEqual(requestContext.requestId, undefined);
        assert.equal(requestContext.requestId, requestContext.extendedRequestId);
      }
    },
  },
  {
    id: 'T056',
    rule: 'Two messages of one connection differ in requestId and messageId, and share the connectionId.',
    source: messages,
    async run({ connect }) {
      const client = await connect();
      const first = (await client.askEvent()).requestContext;
      const second = (await client.askEvent()).requestContext;
      assert.notEqual(first.requestId, second.requestId);
      assert.notEqual(first.messageId, second.messageId);
      assert.equal(first.connectionId, second.connectionId);
    },
  },
  {
    id: 'T057',
    rule: 'requestTime looks like 19/Feb/2024:07:11:42 +0000 in every event.',
    source: variables,
    async run(kit) {
      for (const { requestContext } of Object.values(await threeEvents(kit)))
        assert.match(requestContext.requestTime, /^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/);
    },
  },
  {
    id: 'T058',
    rule: 'requestTimeEpoch is an integer of milliseconds in the very second that requestTime says.',
    source: variables,
    async run(kit) {
      for (const { requestContext } of Object.values(await threeEvents(kit))) {
        const { requestTime, requestTimeEpoch } = requestContext;
        assert.ok(Number.isInteger(requestTimeEpoch), String(requestTimeEpoch));
        assert.equal(secondOf(requestTime), Math.floor(requestTimeEpoch / 1000));
      }
    },
  },
  {
    id: 'T059',
    rule: 'connectedAt is the same integer of milliseconds in all events of a connection.',
    source: firefox,
    async run(kit) {
      const { connect, message, disconnect } = await threeEvents(kit);
      const { connectedAt } = connect.requestContext;
      assert.ok(Number.isInteger(connectedAt), String(connectedAt));
      assert.equal(message.requestContext.connectedAt, connectedAt);
      assert.equal(disconnect.requestContext.connectedAt, connectedAt);
      assert.ok(connect.requestContext.requestTimeEpoch >= connectedAt);
    },
  },
  {
    id: 'T060',
    rule: 'The variables of the stage are in every event, as stageVariables.',
    source: issue('localstack/localstack', 10_734),
    variant: 'variables',
    async run(kit) {
      for (const event of Object.values(await threeEvents(kit)))
        assert.deepEqual(event.stageVariables, { color: 'blue' }, event.requestContext.eventType);
    },
  },
  {
    id: 'T061',
    rule: 'Events of a stage without variables have no stageVariables at all.',
    source: messages,
    async run(kit) {
      for (const event of Object.values(await threeEvents(kit)))
        assert.equal('stageVariables' in event, false, event.requestContext.eventType);
    },
  },
  {
    id: 'T062',
    rule: 'X-Amzn-Trace-Id of the CONNECT event is Root=1-, eight hex digits, "-" and 24 more.',
    source: firefox,
    async run(kit) {
      const { headers } = (await threeEvents(kit)).connect;
      assert.match(headers['X-Amzn-Trace-Id'], /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    },
  },
  {
    id: 'T063',
    rule: 'X-Forwarded-Proto is https and X-Forwarded-Port 443.',
    source: firefox,
    async run(kit) {
      const { headers, multiValueHeaders } = (await threeEvents(kit)).connect;
      assert.equal(headers['X-Forwarded-Proto'], 'https');
      assert.equal(headers['X-Forwarded-Port'], '443');
      assert.deepEqual(multiValueHeaders['X-Forwarded-Proto'], ['https']);
      assert.deepEqual(multiValueHeaders['X-Forwarded-Port'], ['443']);
    },
  },
  {
    id: 'T064',
    rule: 'Connection, Upgrade and content-length are shown to the authorizer and kept from the connect function.',
    source: guide('apigateway-websocket-api-lambda-auth'),
    variant: 'authorizer',
    async run({ observer, connect }) {
      const witness = await observer({ query: 'token=1' });
      const tell = [{ tell: witness.id }];
      await connect({ query: 'token=1', scripts: { authorizer: tell, connect: tell } });
      const { headers: seen } = (await witness.nextJson()).event;
      assert.deepEqual([seen['Connection'], seen['Upgrade'], seen['content-length']], ['upgrade', 'websocket', '0']);
      const { headers, multiValueHeaders } = (await witness.nextJson()).event;
      for (const name of [...Object.keys(headers), ...Object.keys(multiValueHeaders)])
        assert.doesNotMatch(name, /^(?:connection|upgrade|content-length)$/i);
    },
  },
  {
    id: 'T065',
    rule: 'The body is the text that the client sent, to the byte.',
    source: messages,
    async run({ connect }) {
      const client = await connect();
      const text = ' {\t"action" :"join",\n "script":[ {"tell": "self"} ], "x":"é \\u0041 \\/ 😀", "x" : 1.0 } \r\n';
      client.send(text);
      assert.equal((await client.nextJson()).event.body, text);
    },
  },
  {
    id: 'T066',
    rule: 'domainName is the host that the client named, and stage is the name of the stage.',
    source: variables,
    needs: ['other-host'],
    async run({ stage, connect }) {
      const { requestContext } = await (await connect()).askEvent();
      const headers = { Host: stage.otherHost ?? '' };
      const { requestContext: elsewhere } = await (await connect({ headers })).askEvent();
      assert.equal(requestContext.domainName, new URL(stage.url).host);
      assert.equal(elsewhere.domainName, stage.otherHost);
      assert.equal(requestContext.stage, new URL(stage.managementUrl).pathname.slice(1));
      assert.equal(elsewhere.stage, requestContext.stage);
    },
  },
];

/** @param time `19/Feb/2024:07:11:42 +0000` @returns seconds since 1970 */
function secondOf(time: string): number {
  return Date.parse(time.replaceAll('/', ' ').replace(':', ' ')) / 1000;
}
