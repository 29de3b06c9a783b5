import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { answerArchitect } from './architect.ts';
import { branch, listOf, queryAnswer, readJson, readQuery, textOf } from './call.ts';
import { answerSns } from './sns.ts';
import { answerSqs } from './sqs.ts';
import type { Exchange } from './exchange.ts';

describe('a call of the query protocol', () => {
  const body =
    'Action=Publish&Message=a%26b+c&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=String';

  test('is read with its lists and structures', () => {
    const { operation, input } = readQuery(body);
    expect(operation).toBe('Publish');
    expect(textOf(input, 'Message')).toBe('a&b c');
    const [entry] = listOf(branch(input, 'MessageAttributes', 'entry'));
    expect(entry && textOf(entry, 'Name')).toBe('k');
    expect(entry && textOf(branch(entry, 'Value'), 'DataType')).toBe('String');
  });

  test('names of objects are names like others', () => {
    const { input } = readQuery('__proto__.a=1&constructor=2');
    expect(textOf(branch(input, '__proto__'), 'a')).toBe('1');
    expect(textOf(input, 'constructor')).toBe('2');
    expect(textOf(input, 'toString')).toBeUndefined();
  });
});

describe('a call of the JSON protocol', () => {
  test('is read with numbers as texts', () => {
    const call = readJson('AmazonSQS.SendMessage', '{"QueueUrl":"u","DelaySeconds":5,"A":null,"B":true,"C":{"D":"e"}}');
    expect(call?.operation).toBe('SendMessage');
    expect(call && textOf(call.input, 'DelaySeconds')).toBe('5');
    expect(call && textOf(branch(call.input, 'C'), 'D')).toBe('e');
    expect([...(call?.input.keys() ?? [])]).toEqual(['QueueUrl', 'DelaySeconds', 'C']);
  });

  test('may be as deep as it likes', () => {
    const depth = 1_000_000;
    const call = readJson('AmazonSQS.SendMessage', `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect(call?.input.has('a')).toBe(true);
  });

  test.for(['', '[]', 'null', '1', '{'])('"%s" is none', (body) => {
    expect(readJson('AmazonSQS.SendMessage', body)).toBeUndefined();
  });
});

test('an answer in XML holds any text', () => {
  const { body } = queryAnswer('Publish', 'urn:x', { type: 'ok', value: { MessageId: '<&>"\u0000é' } });
  expect(body).toContain('<MessageId>&lt;&amp;&gt;"é</MessageId>');
});

/** One that knows one topic and one queue, and takes everything. */
const target = { functionName: 'events/likes', label: '', rules: undefined, encode: undefined, failedOf: undefined };
const plans = [
  { kind: 'events', name: 'likes', arn: 'arn', physicalName: 'likes', isFifo: false, target },
  {
    kind: 'queues',
    name: 'jobs',
    arn: 'arn',
    physicalName: 'jobs.fifo',
    isFifo: true,
    target: { ...target, functionName: 'queues/jobs' },
  },
];
const exchange = { plans, publish: () => ({ type: 'accepted', messageId: 'm' }) } as unknown as Exchange;

describe('ids of messages', () => {
  const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
  test.for<{ why: string; id: string; isTaken: boolean }>([
    { why: 'all punctuation', id: `aZ09${punctuation}`, isTaken: true },
    { why: '128 characters', id: 'a'.repeat(128), isTaken: true },
    { why: '129 characters', id: 'a'.repeat(129), isTaken: false },
    { why: 'a space', id: 'a b', isTaken: false },
    { why: 'an umlaut', id: 'ü', isTaken: false },
    { why: 'a line end', id: 'a\n', isTaken: false },
  ])('of $why', ({ id, isTaken }) => {
    const message = (name: string) =>
      `Value ${id} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
    const send = (ids: object) => {
      const body = JSON.stringify({ QueueUrl: 'http://h/jobs.fifo', MessageBody: 'x', ...ids });
      const call = readJson('AmazonSQS.SendMessage', body);
      return call && answerSqs(call, exchange, () => 'url');
    };
    const refused = (name: string) => ({ type: 'refused', code: 'InvalidParameterValue', message: message(name) });
    expect(send({ MessageGroupId: id })).toMatchObject(isTaken ? { type: 'ok' } : refused('MessageGroupId'));
    expect(send({ MessageGroupId: 'g', MessageDeduplicationId: id })).toMatchObject(
      isTaken ? { type: 'ok' } : refused('MessageDeduplicationId'),
    );
    expect(answerArchitect('/queues', JSON.stringify({ name: 'jobs', groupID: id }), exchange)).toMatchObject(
      isTaken ? { statusCode: 200 } : { statusCode: 400, body: message('MessageGroupId') },
    );
  });
});

test('no body of any bytes is too much for any of the three', () => {
  const word = fc.constantFrom(
    ...'Action Publish SendMessage SendMessageBatch TopicArn arn Message QueueUrl jobs.fifo Entries DelaySeconds'.split(
      ' ',
    ),
    ...'= & . 1 member entry { } [ ] " : , name payload likes null __proto__ %00 %'.split(' '),
  );
  const text = fc.oneof(
    fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.json().map((json) => `{"name":"likes","payload":${json},"Entries":${json},"QueueUrl":"jobs.fifo"}`),
  );
  fc.assert(
    fc.property(text, fc.constantFrom('SendMessage', 'SendMessageBatch', 'GetQueueUrl', '__proto__'), (body, name) => {
      const query = readQuery(body);
      const json = readJson(`AmazonSQS.${name}`, body);
      const answers = [
        answerSns(query, exchange),
        answerSqs(query, exchange, () => 'url'),
        ...(json === undefined ? [] : [answerSqs(json, exchange, () => 'url')]),
      ];
      for (const answer of answers) expect(['ok', 'refused']).toContain(answer.type);
      expect([200, 400, 404]).toContain(answerArchitect('/events', body, exchange)?.statusCode);
    }),
    fuzzRuns(300),
  );
});
