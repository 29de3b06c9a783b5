import { errors } from '../errors.ts';
import { trackSend } from '../reach.ts';
import type { ValueConverter } from '../vendor/util-dynamodb.ts';
import { documentCodec, itemCodec, plainCodec, type Codec } from './codec.ts';
import { callDynamo, readItems, readPages, type Output } from './dynamo.ts';
import { createMethod, createMethodFrom } from './method.ts';
import type { DocumentClient, PlainClient, SdkMethod, TablesClient, TablesOptions } from './table-types.ts';

/** Makes one call of DynamoDB, or reads all pages of one. */
export type Ask = (operation: string, input: object) => Promise<unknown>;

type AskOnce = (operation: string, input: object) => Promise<Output>;

/** The ways to DynamoDB, by the form that values have in them. */
export interface Clients {
  readonly ask: AskOnce;
  readonly askPaginated: Ask;
  readonly client: TablesClient;
  readonly document: DocumentClient;
  readonly plain: PlainClient;
}

/** Loads what converts values with the first call. */
export function createClients(options: TablesOptions): Clients {
  const ask = createAsk((converter) => itemCodec(converter, options));
  const askPaginated = paginated(ask);
  return {
    ask,
    askPaginated,
    client: createItemClient(askPaginated),
    document: createDocumentClient(createAsk((converter) => documentCodec(converter, options))),
    plain: createPlainClient(createAsk(() => plainCodec)),
  };
}

function createAsk(codecOf: (converter: ValueConverter) => Codec): AskOnce {
  let codec: Codec | undefined;
  const ask: AskOnce = async (operation, input) => {
    const { converter } = await import('../vendor/util-dynamodb.ts');
    codec ??= codecOf(converter);
    return callDynamo(operation, input, codec);
  };
  return (operation, input) => trackSend(ask(operation, input));
}

/** `paginate` is of Architect's library 8: all pages as one, or one after the other. */
function paginated(ask: AskOnce): Ask {
  return async (operation, input) => {
    if (operation !== 'Query' && operation !== 'Scan') return ask(operation, input);
    const { paginate, ...params }: { readonly paginate?: unknown } = input;
    if (!paginate) return ask(operation, params);
    const pages = readPages((page) => ask(operation, page), params);
    return paginate === 'iterator' ? pages : { Items: await readItems(pages) };
  };
}

const verbs = 'Batch|Create|Delete|Describe|Disable|Enable|Execute|Export|Get|Import|List|Put|Query|Restore|Scan';
const operationName = new RegExp(`^(?:${verbs}|Tag|Transact|Untag|Update)[A-Za-z]*$`);

/** Every call of DynamoDB that there is or will be, as a method of this object. */
function byOperation<Client extends object>(
  base: Client,
  method: (operation: string) => unknown,
  toOperation: (name: string) => string,
): Client {
  return new Proxy(base, {
    get: (target, name, receiver) => {
      const operation = typeof name === 'string' ? toOperation(name) : '';
      return operationName.test(operation) ? method(operation) : Reflect.get(target, name, receiver);
    },
  });
}

function createItemClient(ask: Ask): TablesClient {
  // The methods are there as soon as somebody looks.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const base = {} as TablesClient;
  const method = (operation: string) => createMethod((input?: object) => ask(operation, { ...input }));
  return byOperation(base, method, (name) => name);
}

function createPlainClient(ask: Ask): PlainClient {
  // As above.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const base = { send: refuseCommand } as unknown as PlainClient;
  const method = (operation: string) => sdkMethod(operation, ask);
  return byOperation(base, method, (name) => name.charAt(0).toUpperCase() + name.slice(1));
}

function createDocumentClient(ask: Ask): DocumentClient {
  return {
    get: sdkMethod('GetItem', ask),
    put: sdkMethod('PutItem', ask),
    delete: sdkMethod('DeleteItem', ask),
    update: sdkMethod('UpdateItem', ask),
    query: sdkMethod('Query', ask),
    scan: sdkMethod('Scan', ask),
    batchGet: sdkMethod('BatchGetItem', ask),
    batchWrite: sdkMethod('BatchWriteItem', ask),
    transactGet: sdkMethod('TransactGetItems', ask),
    transactWrite: sdkMethod('TransactWriteItems', ask),
    executeStatement: sdkMethod('ExecuteStatement', ask),
    batchExecuteStatement: sdkMethod('BatchExecuteStatement', ask),
    executeTransaction: sdkMethod('ExecuteTransaction', ask),
    createSet: (values) => new Set(values),
    send: refuseCommand,
  };
}

function refuseCommand(): never {
  throw errors.commandsNotOffered();
}

/** As in the AWS SDK 3; what it returns can be asked for its promise, as in the AWS SDK 2. */
function sdkMethod(operation: string, ask: Ask): SdkMethod {
  const deed = (input?: object) => ask(operation, { ...input });
  return createMethodFrom(deed, (result) => Object.assign(result, { promise: () => result }));
}
