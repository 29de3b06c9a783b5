import assert from 'node:assert/strict';
import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import Version2 from 'aws-sdk/clients/apigatewaymanagementapi.js';
import type { Row } from '../row.ts';
import { until } from '../../test/support/until.ts';
import { managementModel, observed, ours } from './sources.ts';

/** `@connections` as the official SDKs see it: T100, T103, T104, T106, T108. */
export const sdkRows: readonly Row[] = [
  {
    id: 'T100',
    rule: "What the AWS SDKs sign is accepted, whatever they do: versions 2 and 3 for JavaScript here, Python's in a test of its own.",
    source: observed('2026-11', 'paths that the SDKs send and sign'),
    async run({ stage, observer, sdk }) {
      const [first, second] = [await observer(), await observer()];
      // A client of its own for each: one that has had an answer goes by the time of that, which is the world's.
      await sdk().send(new PostToConnectionCommand({ ConnectionId: first.id, Data: 'three' }));
      await sdk().send(new GetConnectionCommand({ ConnectionId: first.id }));
      await sdk().send(new DeleteConnectionCommand({ ConnectionId: first.id }));
      assert.equal(await first.next(), 'three');

      const { managementUrl: endpoint, region, credentials } = stage;
      const systemClockOffset = stage.now() - Date.now();
      const old = () => new Version2({ endpoint, region, credentials, systemClockOffset, maxRetries: 0 });
      const ConnectionId = second.id;
      await old().postToConnection({ ConnectionId, Data: 'two' }).promise();
      await old().getConnection({ ConnectionId }).promise();
      await old().deleteConnection({ ConnectionId }).promise();
      assert.equal(await second.next(), 'two');
    },
  },
  {
    id: 'T103',
    rule: 'An endpoint with a slash at its end works: slashes that follow each other count as one.',
    source: ours,
    isOurChoice: true,
    async run({ stage, observer, sdk }) {
      const client = await observer();
      await sdk(`${stage.managementUrl}/`).send(new PostToConnectionCommand({ ConnectionId: client.id, Data: 'x' }));
      assert.equal(await client.next(), 'x');
    },
  },
  {
    id: 'T104',
    rule: 'Without x-amz-content-sha256, as botocore sends it, the hash of the body counts.',
    source: observed('2026-11', 'what botocore sends'),
    async run({ observer, manage }) {
      const client = await observer();
      assert.equal((await manage('POST', client.id, 'host and x-amz-date are signed')).statusCode, 200);
      assert.equal(await client.next(), 'host and x-amz-date are signed');
    },
  },
  {
    id: 'T106',
    rule: 'GET is answered with connectedAt, identity and lastActiveAt; the SDK makes dates of them.',
    source: managementModel,
    async run({ observer, manage, sdk }) {
      const client = await observer();
      const { statusCode, headers, body } = await manage('GET', client.id);
      assert.deepEqual([statusCode, headers['content-type']], [200, 'application/json']);
      const { connectedAt, identity, lastActiveAt, ...others } = JSON.parse(body);
      for (const time of [connectedAt, lastActiveAt]) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.deepEqual([typeof identity.sourceIp, typeof identity.userAgent, others], ['string', 'string', {}]);
      const said = await sdk().send(new GetConnectionCommand({ ConnectionId: client.id }));
      assert.equal(said.ConnectedAt?.getTime(), Date.parse(connectedAt));
      assert.ok(said.LastActiveAt instanceof Date);
    },
  },
  {
    id: 'T108',
    rule: 'The SDK sees a connection that has ended as a GoneException with status 410.',
    source: observed('2026-11', 'what version 3 for JavaScript makes of the answer'),
    async run({ observer, manage, sdk }) {
      const client = await observer();
      client.socket.close(1000);
      await client.closed;
      await until(async () => (await manage('GET', client.id)).statusCode !== 200, 'the end of the connection');
      const sent = sdk().send(new PostToConnectionCommand({ ConnectionId: client.id, Data: 'x' }));
      await assert.rejects(sent, (error: { name: string; $metadata: { httpStatusCode?: number } }) => {
        assert.deepEqual([error.name, error.$metadata.httpStatusCode], ['GoneException', 410]);
        return true;
      });
    },
  },
];
