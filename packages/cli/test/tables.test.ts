import { DynamoDBClient, ListTablesCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { openArcSandbox, runArc } from '../../../test/support/arc.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const manifest = '@app\ntestapp\n@tables\nrooms\n  id *String\n  stream true\n';

async function openRooms(endpoint: string) {
  const credentials = { accessKeyId: 'other', secretAccessKey: 'key' };
  const client = new DynamoDBClient({ endpoint, region: 'us-west-2', credentials });
  const { TableNames: [TableName = ''] = [] } = await client.send(new ListTablesCommand({}));
  return {
    put: (id: string) => client.send(new PutItemCommand({ TableName, Item: { id: { S: id } } })),
    ids: async () => (await client.send(new ScanCommand({ TableName }))).Items?.map(({ id }) => id?.S),
    [Symbol.dispose]: () => client.destroy(),
  };
}

describe('what arc init makes for a stream runs on the changes of its table', () => {
  test.for([
    { flag: [], ending: 'js' },
    { flag: ['--esm'], ending: 'mjs' },
    { flag: ['--typescript'], ending: 'ts' },
  ])('arc init $flag', async ({ flag, ending }) => {
    await using folder = await openTemporaryFolder({ 'app.arc': manifest });
    const made = await runArc(['init', ...flag], { cwd: folder.path });
    expect(made).toMatchObject({ exitCode: 0, errors: '' });
    expect(await folder.files()).toContain(`src/tables-streams/rooms/index.${ending}`);
    await using arc = await openArcSandbox({ cwd: folder.path });
    using rooms = await openRooms(arc.url);
    await rooms.put('lobby');
    await expect
      .poll(() => arc.printed('tables-streams/rooms'), { timeout: 15_000 })
      .toMatch(/INSERT \{ id: \{ S: 'lobby' \} \}/);
  });
});

test('arc sandbox --persist keeps the items of tables', async () => {
  await using folder = await openTemporaryFolder({ 'app.arc': manifest });
  for (const id of ['a', 'b']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await using arc = await openArcSandbox({ cwd: folder.path, flags: ['--persist'] });
    using rooms = await openRooms(arc.url);
    // oxlint-disable-next-line no-await-in-loop
    await rooms.put(id);
    // oxlint-disable-next-line no-await-in-loop
    expect((await rooms.ids())?.toSorted()).toEqual(id === 'a' ? ['a'] : ['a', 'b']);
  }
});
