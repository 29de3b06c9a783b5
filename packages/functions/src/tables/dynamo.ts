import { parseObject, readRefusal } from '../answer.ts';
import { signer, tablesEndpoint } from '../endpoint.ts';
import { errors } from '../errors.ts';
import { environment, exchange } from '../transport.ts';
import { encodeJson, type Codec } from './codec.ts';
import { changeValues } from './operations.ts';

/** What DynamoDB answers; what is in it depends on the call. */
export type Output = Readonly<Record<string, unknown>>;

/**
 * Makes one call of DynamoDB.
 *
 * @throws {ServiceError} when DynamoDB refuses, for instance `ConditionalCheckFailedException`.
 * @throws {ITEM_INVALID} when a value cannot be stored.
 */
export async function callDynamo(operation: string, input: object, codec: Codec): Promise<Output> {
  const env = environment();
  const who = signer(env);
  const sent = changeValues(operation, 'input', input, codec.encode);
  const answer = await exchange(
    {
      service: 'dynamodb',
      method: 'POST',
      endpoint: tablesEndpoint(env, who.region),
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body: Buffer.from(encodeJson(sent)),
    },
    who,
  );
  const refusal = readRefusal(answer);
  const said = parseObject(answer.body);
  if (refusal !== undefined) throw errors.tablesRefused(refusal, operation, said);
  return { ...changeValues(operation, 'output', said, codec.decode) };
}

/** Reads page after page, from where `input` says; each asks for the next only when it is wanted. */
export async function* readPages(
  ask: (input: object) => Promise<Output>,
  input: object,
): AsyncGenerator<Output, undefined> {
  let next: object = input;
  for (;;) {
    // Where a page begins is in the page before it.
    // oxlint-disable-next-line no-await-in-loop
    const page = await ask(next);
    yield page;
    const { LastEvaluatedKey } = page;
    if (LastEvaluatedKey === undefined) return undefined;
    next = { ...input, ExclusiveStartKey: LastEvaluatedKey };
  }
}

/** The items of all pages. */
export async function readItems(pages: AsyncIterable<Output>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const { Items } of pages) if (Array.isArray(Items)) for (const item of Items) items.push(item);
  return items;
}
