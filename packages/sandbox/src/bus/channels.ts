import type { App } from '@furrow/manifest';
import { failedAsOne, failedOfBatch } from './batch-result.ts';
import type { ChannelRules, ChannelTarget } from './channel.ts';
import { scheduledEvent, snsEvent, sqsEvent, type Place } from './event-shapes.ts';
import type { Received } from './message.ts';
import { physicalName } from './names.ts';

/** A topic, a queue or a schedule of the app. */
export interface ChannelPlan {
  readonly kind: 'events' | 'queues' | 'scheduled';
  /** As in the manifest. */
  readonly name: string;
  /** As on AWS, with the ending that FIFO queues have there. */
  readonly physicalName: string;
  readonly arn: string;
  readonly isFifo: boolean;
  /** `rate(1 day)`; of schedules only. */
  readonly expression?: string;
  readonly target: ChannelTarget;
}

/**
 * Lambda tries a message of SNS or EventBridge three times, and waits a minute and two between: here a second and two.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (read 2026-11)
 */
const oneByOne: ChannelRules = {
  isOrdered: false,
  batchSize: 1,
  batchWindowMs: 0,
  maxAttempts: 3,
  retryDelayMs: (attempt) => attempt * 1000,
  maxRunning: 10,
};

/** A deploy gives queues six times the function's time-out before a message comes again, and five goes: here a second. */
const ofQueues = { maxAttempts: 5, retryDelayMs: () => 1000, maxRunning: 5 } as const;

/** What an app's topics, queues and schedules are like. Pure. */
export function channelsOf(
  app: App,
  where: { readonly stackName: string; readonly place: Place },
): readonly ChannelPlan[] {
  return [...topics(app, where), ...queues(app, where), ...schedules(app, where)];
}

type Where = Parameters<typeof channelsOf>[1];

function topics({ events }: App, { stackName, place }: Where): readonly ChannelPlan[] {
  return events.map(({ name, functionName }) => {
    const own = physicalName(stackName, 'Event', name);
    const arn = `arn:aws:sns:${place.region}:${place.accountId}:${own}`;
    const encode = ([message]: readonly Received[]) =>
      message === undefined ? '{}' : JSON.stringify(snsEvent(arn, message, place));
    const target = { functionName, label: `event ${name}`, rules: oneByOne, encode, failedOf: failedAsOne };
    return { kind: 'events', name, physicalName: own, arn, isFifo: false, target };
  });
}

function queues({ queues: all }: App, { stackName, place }: Where): readonly ChannelPlan[] {
  return all.map(({ name, functionName, isFifo, batchSize, batchWindowSeconds }) => {
    const own = `${physicalName(stackName, 'Queue', name)}${isFifo ? '.fifo' : ''}`;
    const arn = `arn:aws:sqs:${place.region}:${place.accountId}:${own}`;
    const rules = { ...ofQueues, isOrdered: isFifo, batchSize, batchWindowMs: batchWindowSeconds * 1000 };
    const encode = (batch: readonly Received[]) => JSON.stringify(sqsEvent(arn, batch, place));
    const target = { functionName, label: `queue ${name}`, rules, encode, failedOf: failedOfBatch };
    return { kind: 'queues', name, physicalName: own, arn, isFifo, target };
  });
}

function schedules({ scheduled }: App, { stackName, place }: Where): readonly ChannelPlan[] {
  return scheduled.map(({ name, functionName, expression }) => {
    const own = physicalName(stackName, 'Scheduled', name);
    const arn = `arn:aws:events:${place.region}:${place.accountId}:rule/${own}`;
    const encode = ([message]: readonly Received[]) =>
      message === undefined ? '{}' : JSON.stringify(scheduledEvent(arn, message, place));
    const target = { functionName, label: `scheduled ${name}`, rules: oneByOne, encode, failedOf: failedAsOne };
    return { kind: 'scheduled', name, physicalName: own, arn, isFifo: false, expression, target };
  });
}
