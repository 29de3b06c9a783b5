import { createHash } from 'node:crypto';
import type { MessageAttribute, Received } from './message.ts';

/** Where the app believes to run. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/**
 * What Lambda gives to a function for a message of a topic.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html (read 2026-11)
 */
export function snsEvent(topicArn: string, message: Received, { region }: Place): object {
  const host = `https://sns.${region}.amazonaws.com`;
  const subscriptionArn = `${topicArn}:00000000-0000-4000-8000-000000000000`;
  const attributes = Object.entries(message.attributes).map(
    ([name, { type, value }]) => [name, { Type: type, Value: value }] as const,
  );
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn,
        Sns: {
          Type: 'Notification',
          MessageId: message.messageId,
          TopicArn: topicArn,
          Subject: message.subject ?? null,
          Message: message.body,
          Timestamp: new Date(message.sentAtMs).toISOString(),
          SignatureVersion: '1',
          Signature: 'EXAMPLE',
          SigningCertUrl: `${host}/SimpleNotificationService-0000000000000000000000.pem`,
          UnsubscribeUrl: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
          MessageAttributes: Object.fromEntries(attributes),
        },
      },
    ],
  };
}

/**
 * What Lambda gives to a function for a batch of a queue.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html (read 2026-11)
 */
export function sqsEvent(queueArn: string, batch: readonly Received[], { region, accountId }: Place): object {
  return {
    Records: batch.map((message) => ({
      messageId: message.messageId,
      receiptHandle: Buffer.from(`${message.messageId} ${message.receiveCount}`).toString('base64'),
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.receiveCount),
        SentTimestamp: String(message.sentAtMs),
        ...(message.sequenceNumber !== undefined && { SequenceNumber: message.sequenceNumber }),
        ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
        SenderId: `AROAEXAMPLE:${accountId}`,
        ...(message.deduplicationId !== undefined && { MessageDeduplicationId: message.deduplicationId }),
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
      },
      messageAttributes: Object.fromEntries(
        Object.entries(message.attributes).map(([name, attribute]) => [name, sqsAttribute(attribute)]),
      ),
      md5OfBody: md5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: region,
    })),
  };
}

function sqsAttribute({ type, value }: MessageAttribute): object {
  const own = type.startsWith('Binary') ? { binaryValue: value } : { stringValue: value };
  return { ...own, stringListValues: [], binaryListValues: [], dataType: type };
}

/**
 * What EventBridge gives to a function that runs by the clock.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html (read 2026-11)
 */
export function scheduledEvent(
  ruleArn: string,
  { messageId, sentAtMs }: Received,
  { region, accountId }: Place,
): object {
  return {
    version: '0',
    id: messageId,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: new Date(sentAtMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region,
    resources: [ruleArn],
    detail: {},
  };
}

/** As SQS names a body. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
