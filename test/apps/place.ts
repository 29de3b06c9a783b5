import { DynamoDBClient, ListTablesCommand, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { loopback, type Emulator } from '../aws/emulator.ts';
import type { RunningSandbox } from '../support/arc.ts';
import { openConnection, refusedStatus, type Connection, type ConnectionOptions } from '../support/connection.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';

/** Where an app runs, and how it is reached there. */
export interface Place extends Disposable {
  readonly isSandbox: boolean;
  /** Without a slash at its end; empty when the app has no pages. */
  readonly pageUrl: string;
  readonly connect: (options?: ConnectionOptions & { readonly query?: string }) => Promise<Connection>;
  /** The status that a handshake is refused with. */
  readonly refused: (options?: ConnectionOptions & { readonly query?: string }) => Promise<number>;
  /** All items of a table, by its name in the manifest. */
  readonly items: (table: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly put: (table: string, item: Readonly<Record<string, unknown>>) => Promise<void>;
}

/** `testapp` of the manifest in a folder. */
export async function appNameIn(folder: TemporaryFolder): Promise<string> {
  return /^@app\s+(\S+)/.exec(await folder.read('app.arc'))?.[1] ?? '';
}

/** @param app its name, which its tables' names begin with. */
export function inSandbox(app: string, { url, webSocketUrl }: RunningSandbox): Place {
  return {
    ...sockets(webSocketUrl, {}),
    ...tables(app, {
      endpoint: url,
      region: 'us-west-2',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
    isSandbox: true,
    pageUrl: url,
  };
}

/** @param output what the deploy has printed. */
export function inEmulator(app: string, emulator: Emulator, output: string): Place {
  const target = new URL((/wss:\S+/.exec(output)?.[0] ?? '').replace(/^wss:/, 'ws:'));
  target.port = String(emulator.port);
  const apiId = /https:\/\/([^.]+)\./.exec(output)?.[1];
  return {
    ...sockets(target.href, { lookup: loopback }),
    ...tables(app, emulator.client),
    isSandbox: false,
    pageUrl: apiId === undefined ? '' : emulator.httpUrl(apiId, ''),
  };
}

function sockets(url: string, always: ConnectionOptions): Pick<Place, 'connect' | 'refused'> {
  return {
    connect: ({ query = '', ...options } = {}) => openConnection(url + query, { ...always, ...options }),
    refused: ({ query = '', ...options } = {}) => refusedStatus(url + query, { ...always, ...options }),
  };
}

/** Tables are called `[App][Stage]-[Name]Table-[random]` everywhere. */
function tables(app: string, config: DynamoDBClientConfig) {
  const client = new DynamoDBClient(config);
  const documents = DynamoDBDocument.from(client);
  const nameOf = async (table: string) => {
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    const name = TableNames.find((one) => {
      const [stack = '', id] = one.toLowerCase().split('-');
      return stack.startsWith(app) && id === `${table.toLowerCase()}table`;
    });
    if (name === undefined) throw new Error(`There is no table "${table}" among ${TableNames.join(', ')}.`);
    return name;
  };
  return {
    items: async (table: string) =>
      (await documents.scan({ TableName: await nameOf(table), ConsistentRead: true })).Items ?? [],
    put: async (table: string, item: Readonly<Record<string, unknown>>) => {
      await documents.put({ TableName: await nameOf(table), Item: item });
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
