import {
  branch,
  listOf,
  refuse,
  textOf,
  type Members,
  type ServiceCall,
  type ServiceRefusal,
  type ServiceResult,
} from './call.ts';
import type { ChannelPlan } from './channels.ts';
import { md5 } from './event-shapes.ts';
import type { Draft, Exchange } from './exchange.ts';
import { faultOfId, maxMessageBytes, type MessageAttribute } from './message.ts';

const maxDelaySeconds = 900;
const maxBatch = 10;

/** Where a queue is asked: its URL's last part is its name on AWS. */
export type QueueUrl = (plan: ChannelPlan) => string;

/** Answers the calls of SQS that the role of a function allows. */
export function answerSqs({ operation, input }: ServiceCall, exchange: Exchange, urlOf: QueueUrl): ServiceResult {
  if (operation === 'GetQueueUrl') return getQueueUrl(input, exchange, urlOf);
  if (operation === 'SendMessage') return sendMessage(input, exchange);
  if (operation === 'SendMessageBatch') return sendBatch(input, exchange);
  return refuse(
    'AccessDenied',
    `A function may call SendMessage, SendMessageBatch and GetQueueUrl of SQS, not ${operation}: Lambda receives for it.`,
    403,
  );
}

const unknownQueue = refuse('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');

function getQueueUrl(input: Members, { plans }: Exchange, urlOf: QueueUrl): ServiceResult {
  const plan = plans.find((each) => each.kind === 'queues' && each.physicalName === textOf(input, 'QueueName'));
  return plan === undefined ? unknownQueue : { type: 'ok', value: { QueueUrl: urlOf(plan) } };
}

function sendMessage(input: Members, exchange: Exchange): ServiceResult {
  const sent = send(input, exchange, queueOf(input, exchange));
  return sent.type === 'refused' ? sent : { type: 'ok', value: sent.value };
}

function sendBatch(input: Members, exchange: Exchange): ServiceResult {
  const plan = queueOf(input, exchange);
  const json = branch(input, 'Entries');
  const entries = listOf(json.size > 0 ? json : branch(input, 'SendMessageBatchRequestEntry'));
  if (plan === undefined) return unknownQueue;
  if (entries.length === 0) {
    return refuse('AWS.SimpleQueueService.EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > maxBatch) {
    const words = `Maximum number of entries per request are ${maxBatch}. You have sent ${entries.length}.`;
    return refuse('AWS.SimpleQueueService.TooManyEntriesInBatchRequest', words);
  }
  const results = entries.map((entry) => ({ id: textOf(entry, 'Id') ?? '', sent: send(entry, exchange, plan) }));
  return {
    type: 'ok',
    value: {
      Successful: results.flatMap(({ id, sent }) => (sent.type === 'sent' ? [{ Id: id, ...sent.value }] : [])),
      Failed: results.flatMap(({ id, sent }) =>
        sent.type === 'refused' ? [{ Id: id, Code: sent.code, Message: sent.message, SenderFault: true }] : [],
      ),
    },
  };
}

/** By the last part of its URL, whoever made the rest of it. */
function queueOf(input: Members, { plans }: Exchange): ChannelPlan | undefined {
  const name = textOf(input, 'QueueUrl')?.split('/').at(-1);
  return plans.find((plan) => plan.kind === 'queues' && plan.physicalName === name);
}

type Sent = ServiceRefusal | { readonly type: 'sent'; readonly value: Readonly<Record<string, string>> };

function send(input: Members, exchange: Exchange, plan: ChannelPlan | undefined): Sent {
  if (plan === undefined) return unknownQueue;
  const body = textOf(input, 'MessageBody') ?? '';
  const draft: Draft = {
    body,
    attributes: attributesOf(input),
    groupId: textOf(input, 'MessageGroupId'),
    deduplicationId: textOf(input, 'MessageDeduplicationId'),
    delaySeconds: Number(textOf(input, 'DelaySeconds') ?? 0),
  };
  const fault = faultOf(draft, plan);
  if (fault !== undefined) return fault;
  const accepted = exchange.publish(plan.target.functionName, draft);
  if (accepted.type === 'unknown') return unknownQueue;
  if (accepted.type === 'full')
    return refuse('RequestThrottled', 'The queue is full here: 10,000 messages, or 64 MB.', 429);
  const { messageId, sequenceNumber } = accepted;
  const value = { MD5OfMessageBody: md5(body), MessageId: messageId };
  return { type: 'sent', value: sequenceNumber === undefined ? value : { ...value, SequenceNumber: sequenceNumber } };
}

/** What SQS would not take, in its words. */
function faultOf(draft: Draft, { isFifo }: ChannelPlan): ServiceRefusal | undefined {
  const { body, groupId, delaySeconds = 0 } = draft;
  if (body === '') return refuse('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (Buffer.byteLength(body) > maxMessageBytes.queues) {
    const reason = `Message must be shorter than ${maxMessageBytes.queues} bytes.`;
    return refuse('InvalidParameterValue', `One or more parameters are invalid. Reason: ${reason}`);
  }
  if (isFifo && !groupId) return refuse('MissingParameter', 'The request must contain the parameter MessageGroupId.');
  const idFault = faultOfIds(draft);
  if (idFault !== undefined) return refuse('InvalidParameterValue', idFault);
  return faultOfDelay(delaySeconds, isFifo);
}

function faultOfDelay(delaySeconds: number, isFifo: boolean): ServiceRefusal | undefined {
  const isDelay = Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= maxDelaySeconds;
  if (isDelay && !(isFifo && delaySeconds > 0)) return undefined;
  const reason = isFifo
    ? 'The request include parameter that is not valid for this queue type.'
    : `DelaySeconds must be >= 0 and <= ${maxDelaySeconds}.`;
  return refuse(
    'InvalidParameterValue',
    `Value ${delaySeconds} for parameter DelaySeconds is invalid. Reason: ${reason}`,
  );
}

function faultOfIds({ groupId, deduplicationId }: Draft): string | undefined {
  const fault = groupId ? faultOfId('MessageGroupId', groupId) : undefined;
  return fault ?? (deduplicationId ? faultOfId('MessageDeduplicationId', deduplicationId) : undefined);
}

/** JSON has a member for each, the query protocol a list. */
function attributesOf(input: Members): Readonly<Record<string, MessageAttribute>> {
  const byName = [...branch(input, 'MessageAttributes')].flatMap(([name, member]) =>
    typeof member === 'object' ? [[name, attributeOf(member)] as const] : [],
  );
  const listed = listOf(branch(input, 'MessageAttribute')).map(
    (entry) => [textOf(entry, 'Name') ?? '', attributeOf(branch(entry, 'Value'))] as const,
  );
  return Object.fromEntries([...byName, ...listed]);
}

function attributeOf(value: Members): MessageAttribute {
  const text = textOf(value, 'StringValue') ?? textOf(value, 'BinaryValue') ?? '';
  return { type: textOf(value, 'DataType') ?? 'String', value: text };
}
