import { describe, expect, test } from 'vitest';
import { changeValues } from './operations.ts';

/** Shows what was changed, and as what. */
const mark = (value: unknown, member: string) => `${member}: ${JSON.stringify(value)}`;

describe('what a call takes', () => {
  test.for([
    {
      operation: 'GetItem',
      body: { TableName: 't', Key: { id: 1 } },
      changed: { TableName: 't', Key: 'Key: {"id":1}' },
    },
    {
      operation: 'UpdateItem',
      body: { Key: {}, ExpressionAttributeValues: {}, ExpressionAttributeNames: { '#a': 'a' } },
      changed: {
        Key: 'Key: {}',
        ExpressionAttributeValues: 'ExpressionAttributeValues: {}',
        ExpressionAttributeNames: { '#a': 'a' },
      },
    },
    { operation: 'Query', body: { ExclusiveStartKey: {} }, changed: { ExclusiveStartKey: 'ExclusiveStartKey: {}' } },
    {
      operation: 'BatchGetItem',
      body: { RequestItems: { Keys: { Keys: [{ a: 1 }, { a: 2 }], ConsistentRead: true } } },
      changed: { RequestItems: { Keys: { Keys: ['Keys: {"a":1}', 'Keys: {"a":2}'], ConsistentRead: true } } },
    },
    {
      operation: 'BatchWriteItem',
      body: { RequestItems: { Item: [{ PutRequest: { Item: {} } }, { DeleteRequest: { Key: {} } }] } },
      changed: {
        RequestItems: { Item: [{ PutRequest: { Item: 'Item: {}' } }, { DeleteRequest: { Key: 'Key: {}' } }] },
      },
    },
    {
      operation: 'TransactWriteItems',
      body: {
        TransactItems: [
          { Put: { Item: {}, ExpressionAttributeValues: {} } },
          { Update: { Key: {} } },
          { Delete: { Key: {} } },
          { ConditionCheck: { Key: {}, ExpressionAttributeValues: {} } },
        ],
      },
      changed: {
        TransactItems: [
          { Put: { Item: 'Item: {}', ExpressionAttributeValues: 'ExpressionAttributeValues: {}' } },
          { Update: { Key: 'Key: {}' } },
          { Delete: { Key: 'Key: {}' } },
          { ConditionCheck: { Key: 'Key: {}', ExpressionAttributeValues: 'ExpressionAttributeValues: {}' } },
        ],
      },
    },
    {
      operation: 'ExecuteStatement',
      body: { Statement: 's', Parameters: [1, 'a'] },
      changed: { Statement: 's', Parameters: ['Parameters: 1', 'Parameters: "a"'] },
    },
    { operation: 'DescribeTable', body: { Key: {} }, changed: { Key: {} } },
    { operation: 'GetItem', body: { Key: undefined }, changed: { Key: undefined } },
    { operation: 'GetItem', body: {}, changed: {} },
    { operation: 'BatchGetItem', body: { RequestItems: 5 }, changed: { RequestItems: 5 } },
  ])('$operation $body', ({ operation, body, changed }) => {
    const before = structuredClone(body);
    expect(changeValues(operation, 'input', body, mark)).toEqual(changed);
    expect(body).toEqual(before);
  });
});

describe('what a call answers', () => {
  test.for([
    { operation: 'GetItem', body: {}, changed: {} },
    {
      operation: 'Scan',
      body: { Items: [{}, {}], Count: 2 },
      changed: { Items: ['Items: {}', 'Items: {}'], Count: 2 },
    },
    {
      operation: 'BatchGetItem',
      body: { Responses: { t: [{}] }, UnprocessedKeys: { t: { Keys: [{}] } } },
      changed: { Responses: { t: ['Responses: {}'] }, UnprocessedKeys: { t: { Keys: ['Keys: {}'] } } },
    },
    {
      operation: 'TransactGetItems',
      body: { Responses: [{ Item: {} }, {}] },
      changed: { Responses: [{ Item: 'Item: {}' }, {}] },
    },
    {
      operation: 'BatchExecuteStatement',
      body: { Responses: [{ Item: {} }, { Error: { Item: {}, Code: 'c' } }] },
      changed: { Responses: [{ Item: 'Item: {}' }, { Error: { Item: 'Item: {}', Code: 'c' } }] },
    },
  ])('$operation $body', ({ operation, body, changed }) => {
    expect(changeValues(operation, 'output', body, mark)).toEqual(changed);
  });
});
