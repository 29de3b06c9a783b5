import { branch, listOf, refuse, textOf, type Members, type ServiceCall, type ServiceResult } from './call.ts';
import type { Accepted, Draft, Exchange } from './exchange.ts';
import { maxMessageBytes, type MessageAttribute } from './message.ts';

const maxBatch = 10;

/** Answers the calls of SNS that the role of a function allows. */
export function answerSns({ operation, input }: ServiceCall, exchange: Exchange): ServiceResult {
  if (operation === 'Publish') return publish(input, exchange);
  if (operation === 'PublishBatch') return publishBatch(input, exchange);
  return refuse('AuthorizationError', `A function may call Publish and PublishBatch of SNS, not ${operation}.`, 403);
}

function publish(input: Members, exchange: Exchange): ServiceResult {
  const arn = textOf(input, 'TopicArn') ?? textOf(input, 'TargetArn') ?? '';
  const sent = send(arn, input, exchange);
  if (sent.type === 'refused') return sent;
  return { type: 'ok', value: { MessageId: sent.messageId } };
}

function publishBatch(input: Members, exchange: Exchange): ServiceResult {
  const arn = textOf(input, 'TopicArn') ?? '';
  const entries = listOf(branch(input, 'PublishBatchRequestEntries', 'member'));
  if (entries.length === 0) return refuse('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (entries.length > maxBatch) {
    return refuse('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
  }
  if (topicOf(arn, exchange) === undefined) return unknownTopic;
  const results = entries.map((entry) => ({ id: textOf(entry, 'Id') ?? '', sent: send(arn, entry, exchange) }));
  return {
    type: 'ok',
    value: {
      Successful: results.flatMap(({ id, sent }) =>
        sent.type === 'accepted' ? [{ Id: id, MessageId: sent.messageId }] : [],
      ),
      Failed: results.flatMap(({ id, sent }) =>
        sent.type === 'refused' ? [{ Id: id, Code: sent.code, Message: sent.message, SenderFault: true }] : [],
      ),
    },
  };
}

const unknownTopic = refuse('NotFound', 'Topic does not exist', 404);

function topicOf(arn: string, { plans }: Exchange): string | undefined {
  return plans.find((plan) => plan.kind === 'events' && plan.arn === arn)?.target.functionName;
}

type Sent = Extract<Accepted, { type: 'accepted' }> | ReturnType<typeof refuse>;

function send(arn: string, input: Members, exchange: Exchange): Sent {
  const functionName = topicOf(arn, exchange);
  const body = textOf(input, 'Message') ?? '';
  if (arn === '')
    return refuse(
      'InvalidParameter',
      'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter',
    );
  if (functionName === undefined) return unknownTopic;
  if (body === '') return refuse('InvalidParameter', 'Invalid parameter: Empty message');
  if (Buffer.byteLength(body) > maxMessageBytes.events)
    return refuse('InvalidParameter', 'Invalid parameter: Message too long');
  const draft: Draft = { body, subject: textOf(input, 'Subject'), attributes: attributesOf(input) };
  const accepted = exchange.publish(functionName, draft);
  if (accepted.type === 'accepted') return accepted;
  return accepted.type === 'full' ? refuse('Throttled', 'Rate exceeded', 429) : unknownTopic;
}

function attributesOf(input: Members): Readonly<Record<string, MessageAttribute>> {
  const entries = listOf(branch(input, 'MessageAttributes', 'entry')).map((entry) => {
    const value = branch(entry, 'Value');
    const text = textOf(value, 'StringValue') ?? textOf(value, 'BinaryValue') ?? '';
    return [textOf(entry, 'Name') ?? '', { type: textOf(value, 'DataType') ?? 'String', value: text }] as const;
  });
  return Object.fromEntries(entries);
}
