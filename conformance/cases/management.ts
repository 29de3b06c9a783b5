import assert from 'node:assert/strict';
import type { Row } from '../row.ts';
import { guide, issue, managementModel, observed, ours } from './sources.ts';
import { brokenSignature } from './signatures.ts';

const canonicalPath = (body: string) => body.split("should have been\n'")[1]?.split('\n')[1];

/** `@connections` when all is well: T098 to T106, T110, T112, T118, T119. */
export const managementRows: readonly Row[] = [
  {
    id: 'T098',
    rule: 'POST sends its body as one text message and is answered 200 without a body.',
    source: managementModel,
    async run({ observer, manage }) {
      const client = await observer();
      const { statusCode, body } = await manage('POST', client.id, 'hello');
      assert.deepEqual({ statusCode, body }, { statusCode: 200, body: '' });
      assert.equal(await client.next(), 'hello');
    },
  },
  {
    id: 'T099',
    rule: '"@" or "%40", "=" or "%3D": every spelling of the path means the same.',
    source: observed('2026-11', 'paths that the SDKs send; the example in the guide'),
    async run({ stage, observer, request }) {
      const client = await observer();
      const base = new URL(stage.managementUrl).pathname;
      for (const at of ['@', '%40']) {
        for (const id of [client.id, client.id.replace('=', '%3D')]) {
          const path = `${base}/${at}connections/${id}`;
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          assert.equal((await request({ method: 'POST', path, body: path, isSigned: true })).statusCode, 200, path);
          // oxlint-disable-next-line no-await-in-loop
          assert.equal(await client.next(), path);
        }
      }
    },
  },
  {
    id: 'T101',
    rule: 'The path to sign is the one that was received, escaped once more: "%40" becomes "%2540".',
    source: issue('okigan/awscurl', 61),
    async run({ stage, request }) {
      const path = `${new URL(stage.managementUrl).pathname}/%40connections/AAAAAAAAAAAAAAA%3D`;
      const { body } = await request({ method: 'POST', path, isSigned: true, tamper: brokenSignature });
      const stageName = path.split('/')[1];
      assert.equal(canonicalPath(JSON.parse(body).message), `/${stageName}/%2540connections/AAAAAAAAAAAAAAA%253D`);
    },
  },
  {
    id: 'T102',
    rule: 'Of a path that came without escapes, "@" and "=" are escaped to be signed.',
    source: issue('okigan/awscurl', 61),
    async run({ stage, request }) {
      const path = `${new URL(stage.managementUrl).pathname}/@connections/AAAAAAAAAAAAAAA=`;
      const { body } = await request({ method: 'POST', path, isSigned: true, tamper: brokenSignature });
      const stageName = path.split('/')[1];
      assert.equal(canonicalPath(JSON.parse(body).message), `/${stageName}/%40connections/AAAAAAAAAAAAAAA%3D`);
    },
  },
  {
    id: 'T105',
    rule: 'DELETE closes the connection and is answered 204 without a body.',
    source: managementModel,
    async run({ observer, manage }) {
      const client = await observer();
      const { statusCode, body } = await manage('DELETE', client.id);
      assert.deepEqual({ statusCode, body }, { statusCode: 204, body: '' });
      assert.equal((await client.closed).code, 1000);
    },
  },
  {
    id: 'T110',
    rule: 'A body of 131,072 bytes is sent.',
    source: managementModel,
    async run({ observer, manage }) {
      const client = await observer();
      const text = 'x'.repeat(131_072);
      assert.equal((await manage('POST', client.id, text)).statusCode, 200);
      assert.equal(await client.next(), text);
    },
  },
  {
    id: 'T112',
    rule: 'A message of 100 KB arrives as one message, in frames of at most 32 KB.',
    source: guide('apigateway-execution-service-websocket-limits-table'),
    async run({ raw, manage }) {
      const client = await raw();
      const id = await client.askId();
      assert.equal((await manage('POST', id, 'x'.repeat(100 * 1024))).statusCode, 200);
      const frames = (await client.untilFrames(5)).slice(1);
      assert.deepEqual(
        frames.map(({ payload }) => payload.length),
        [32_768, 32_768, 32_768, 4096],
      );
      assert.deepEqual(
        frames.map(({ first }) => first),
        [0x01, 0x00, 0x00, 0x80],
      );
    },
  },
  {
    id: 'T118',
    rule: 'GET says nothing of the User-Agent of a client that sent none.',
    source: managementModel,
    async run({ connect, manage }) {
      const client = await connect({ hasUserAgent: false });
      const { statusCode, body } = await manage('GET', await client.askId());
      assert.equal(statusCode, 200);
      assert.equal(JSON.parse(body).identity.userAgent ?? undefined, undefined);
    },
  },
  {
    id: 'T119',
    rule: 'Messages whose POSTs were awaited one after the other arrive in that order.',
    source: ours,
    isOurChoice: true,
    async run({ observer, manage }) {
      const client = await observer();
      const texts = Array.from({ length: 100 }, (_one, index) => String(index + 1));
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      for (const text of texts) assert.equal((await manage('POST', client.id, text)).statusCode, 200);
      const received: string[] = [];
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      while (received.length < texts.length) received.push(await client.next());
      assert.deepEqual(received, texts);
    },
  },
];
