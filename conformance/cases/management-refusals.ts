import assert from 'node:assert/strict';
import type { Row } from '../row.ts';
import { until } from '../../test/support/until.ts';
import { issue, managementModel, ours } from './sources.ts';
import { brokenSignature } from './signatures.ts';

/** What is refused at `@connections`: T107, T109, T111, T113 to T117. */
export const managementRefusalRows: readonly Row[] = [
  {
    id: 'T107',
    rule: 'POST, GET and DELETE of a connection that has ended are 410, GoneException, without a body.',
    source: issue('georgeboot/laravel-echo-api-gateway', 9),
    async run({ observer, manage }) {
      const client = await observer();
      client.socket.close(1000);
      await client.closed;
      await until(async () => (await manage('GET', client.id)).statusCode !== 200, 'the end of the connection');
      for (const method of ['POST', 'GET', 'DELETE']) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const { statusCode, headers, body } = await manage(method, client.id, method === 'POST' ? 'x' : undefined);
        const answer = { statusCode, errorType: headers['x-amzn-errortype'], body };
        assert.deepEqual(answer, { statusCode: 410, errorType: 'GoneException', body: '' }, method);
      }
    },
  },
  {
    id: 'T109',
    rule: 'What is not an id is 400, BadRequestException, with the id in its message.',
    source: issue('dherault/serverless-offline', 749),
    async run({ manage }) {
      const { statusCode, headers, body } = await manage('POST', 'abc', 'x');
      assert.deepEqual([statusCode, headers['x-amzn-errortype']], [400, 'BadRequestException']);
      assert.equal(body, '{"message":"Invalid connectionId: abc"}');
    },
  },
  {
    id: 'T111',
    rule: 'A body of 131,073 bytes is 413, PayloadTooLargeException, and the connection stays open.',
    source: managementModel,
    async run({ observer, manage }) {
      const client = await observer();
      const { statusCode, headers, body } = await manage('POST', client.id, 'x'.repeat(131_073));
      assert.deepEqual([statusCode, headers['x-amzn-errortype']], [413, 'PayloadTooLargeException']);
      assert.equal(typeof JSON.parse(body).message, 'string');
      assert.equal((await manage('POST', client.id, 'still here')).statusCode, 200);
      assert.equal(await client.next(), 'still here');
    },
  },
  {
    id: 'T113',
    rule: 'Sends to a client that does not read are in the end 429, LimitExceededException.',
    source: managementModel,
    async run({ raw, manage }) {
      const client = await raw();
      const id = await client.askId();
      client.socket.pause();
      const text = 'x'.repeat(131_072);
      for (let sends = 0; sends < maxSends; sends += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const { statusCode, headers } = await manage('POST', id, text);
        if (statusCode === 429) {
          assert.equal(headers['x-amzn-errortype'], 'LimitExceededException');
          return;
        }
        assert.equal(statusCode, 200);
      }
      assert.fail(`${maxSends} sends were taken.`);
    },
  },
  {
    id: 'T114',
    rule: 'A path without the stage is 403, Forbidden.',
    source: issue('aws/aws-sdk-php', 1955),
    async run({ request }) {
      const path = '/@connections/AAAAAAAAAAAAAAA%3D';
      const { statusCode, body } = await request({ method: 'POST', path, body: 'x', isSigned: true });
      assert.deepEqual({ statusCode, body }, { statusCode: 403, body: '{"message":"Forbidden"}' });
    },
  },
  {
    id: 'T115',
    rule: 'A role without execute-api:ManageConnections is 403, with the action and the resource that it lacks.',
    source: issue('architect/functions', 130),
    leftOut: 'rights of roles are checked by AWS; the sandbox has one key, which may do everything',
  },
  {
    id: 'T116',
    rule: 'A wrong signature is 403, InvalidSignatureException, with what should have been signed.',
    source: issue('okigan/awscurl', 61),
    async run({ stage, request }) {
      const path = `${new URL(stage.managementUrl).pathname}/@connections/AAAAAAAAAAAAAAA%3D`;
      const answer = await request({ method: 'POST', path, body: 'x', isSigned: true, tamper: brokenSignature });
      assert.deepEqual([answer.statusCode, answer.headers['x-amzn-errortype']], [403, 'InvalidSignatureException']);
      const { message } = JSON.parse(answer.body);
      assert.match(message, /^The request signature we calculated does not match the signature you provided\. Check/);
      assert.match(message, /\n\nThe Canonical String for this request should have been\n'POST\n\/[^\n]+\n\n/);
      assert.match(message, /\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n/);
    },
  },
  {
    id: 'T117',
    rule: 'A request without Authorization is 403, MissingAuthenticationTokenException.',
    source: ours,
    isOurChoice: true,
    async run({ stage, request }) {
      const path = `${new URL(stage.managementUrl).pathname}/@connections/AAAAAAAAAAAAAAA%3D`;
      const { statusCode, headers, body } = await request({ method: 'POST', path, body: 'x' });
      assert.deepEqual([statusCode, headers['x-amzn-errortype']], [403, 'MissingAuthenticationTokenException']);
      assert.equal(JSON.parse(body).message, 'Missing Authentication Token');
    },
  },
];

/** 64 MB: more than what systems keep for a connection beside the gateway's own buffer. */
const maxSends = 512;
