import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { openAwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

const files = {
  'app.arc': '@app\ntestapp\n@http\nget /\n@tables\nrooms\n  room *String\n  at **Number\n',
  'src/http/get-index/index.js': `
const arc = require('@architect/functions');
exports.handler = async () => {
  const { rooms, name, _client } = await arc.tables();
  for (const at of [1, 2, 3]) await rooms.put({ room: 'hall', at });
  await _client.TransactWriteItems({
    TransactItems: [{ Put: { TableName: name('rooms'), Item: { room: 'attic', at: 1, seen: new Set(['ann']) } } }],
  });
  const hall = await rooms.query({ KeyConditionExpression: 'room = :room', ExpressionAttributeValues: { ':room': 'hall' } });
  const refused = await rooms
    .update({ Key: { room: 'none', at: 1 }, UpdateExpression: 'REMOVE a', ConditionExpression: 'attribute_exists(room)' })
    .catch((error) => error.name);
  const attic = await rooms.get({ room: 'attic', at: 1 });
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: name('rooms'), hall: hall.Items, seen: [...attic.seen], refused }),
  };
};`,
};

test.skipIf(missing !== undefined)(
  `arc.tables() on AWS${reason}`,
  async () => {
    await using project = await openAwsProject({ files });
    const { exitCode, output, errors } = await project.quickArc('deploy');
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const apiId = /https:\/\/(\w+)\./.exec(output)?.[1] ?? '';
    const answer = await fetch(project.emulator.httpUrl(apiId));
    const found: unknown = await answer.json();
    expect(found).toEqual({
      name: expect.any(String),
      hall: [1, 2, 3].map((at) => ({ room: 'hall', at })),
      seen: ['ann'],
      refused: 'ConditionalCheckFailedException',
    });
    const client = new DynamoDBClient(project.emulator.client);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: String(Object(found).name) }));
    client.destroy();
    expect(Table?.TableStatus).toBe('ACTIVE');
  },
  60_000,
);
