import {
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';

/** An item of the table "connections", with the time of its expiry in seconds. */
interface Kept {
  readonly room: string;
  readonly id: string;
  readonly name: string;
  /** Milliseconds. */
  readonly joinedAt: number;
  readonly expires: number;
}

/** A connection that has gone without a disconnect: of its life only the item is left. */
export function ghost(expires: number): Kept {
  return { room: 'lobby', id: 'AAAAAAAAAAAAAAA=', name: 'Ghost', joinedAt: 1, expires };
}

/** The only table of a DynamoDB, through the official client. */
export async function openRoomsTable(config: DynamoDBClientConfig) {
  const client = new DynamoDBClient(config);
  const { TableNames: [TableName = ''] = [] } = await client.send(new ListTablesCommand({}));
  return {
    put: ({ room, id, name, joinedAt, expires }: Kept) => {
      const Item = {
        room: { S: room },
        id: { S: id },
        name: { S: name },
        joinedAt: { N: String(joinedAt) },
        expires: { N: String(expires) },
      };
      return client.send(new PutItemCommand({ TableName, Item }));
    },
    all: async (): Promise<readonly Kept[]> => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return Items.map(({ room, id, name, joinedAt, expires }) => ({
        room: room?.S ?? '',
        id: id?.S ?? '',
        name: name?.S ?? '',
        joinedAt: Number(joinedAt?.N),
        expires: Number(expires?.N),
      }));
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
