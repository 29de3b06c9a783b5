import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What an app with these tables finds around it: DynamoDB with the tables in it, and their names in SSM. */
export interface LocalAws extends AsyncDisposable {
  readonly tablesPort: number;
  readonly parametersPort: number;
}

export interface Database extends AsyncDisposable {
  readonly port: number;
}

export const stackName = 'ThingsTesting';

const key = (name: string, type: 'S' | 'N' | 'B' = 'S') => ({ name, type });

/** Name in `app.arc`, and its keys. */
const tables = {
  things: [key('id')],
  rooms: [key('room'), key('at', 'N')],
  blobs: [key('id', 'B')],
  data: [key('scopeID'), key('dataID')],
  name: [key('id')],
};

export function physicalName(table: string): string {
  return `${stackName}-${table}-1A2B3C`;
}

/** A DynamoDB that is none of our code: dynalite by its own server. */
export async function openDynalite(): Promise<Database> {
  const dynalite: (options: object) => Server = createRequire(import.meta.url)('dynalite');
  const server = dynalite({ createTableMs: 0 });
  return { port: await listen(server), [Symbol.asyncDispose]: () => close(server) };
}

/** Makes the tables in a database that has none, and answers with their names. */
export async function openLocalAws(database: Database): Promise<LocalAws> {
  const ssm = createServer((...both) => void answerParameters(...both));
  const parametersPort = await listen(ssm);
  await createTables(`http://127.0.0.1:${database.port}`);
  return {
    tablesPort: database.port,
    parametersPort,
    async [Symbol.asyncDispose]() {
      await close(ssm);
      await database[Symbol.asyncDispose]();
    },
  };
}

async function answerParameters(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { Path }: { Path: string } = JSON.parse(await text(request));
  const Parameters = Object.keys(tables).map((table) => ({
    Name: `${Path}/tables/${table}`,
    Value: physicalName(table),
  }));
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify({ Parameters }));
}

async function createTables(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint, region: 'us-west-2', credentials });
  for (const [table, keys] of Object.entries(tables)) {
    const index = table === 'rooms' ? { GlobalSecondaryIndexes: [byName] } : {};
    const named = table === 'rooms' ? [...keys, key('name')] : keys;
    // oxlint-disable-next-line no-await-in-loop
    await client.send(
      new CreateTableCommand({
        TableName: physicalName(table),
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: named.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
        KeySchema: keys.map(({ name }, place) => ({ AttributeName: name, KeyType: place === 0 ? 'HASH' : 'RANGE' })),
        ...index,
      }),
    );
  }
  client.destroy();
}

const byName = {
  IndexName: 'byName',
  KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' as const }],
  Projection: { ProjectionType: 'ALL' as const },
};

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  return address.port;
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
