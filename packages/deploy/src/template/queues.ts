import type { Queue } from '@furrow/manifest';
import { invokedId, sourceId } from './functions.ts';
import { attribute, ref } from './intrinsics.ts';
import { queueId } from './message-rights.ts';
import { parameter } from './parameter.ts';
import { describePart, mergeResources, type Resources } from './parts.ts';
import { unitOf, type Context, type Unit } from './units.ts';

/** What AWS advises, so that a message does not come again while a batch of it is still tried. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (read 2026-11) */
const timeoutsUntilVisible = 6;
/** As often as AWS advises at least. */
const maxReceiveCount = 5;
const deadLetterSeconds = 14 * 24 * 60 * 60;

/** The queues of `@queues`, what reads them, and where `arc.queues` finds each. */
export function queues(context: Context): Resources {
  return mergeResources(
    context.app.queues.map((queue) => {
      const unit = unitOf(context, queue.functionName);
      return {
        ...queuePair(queue, unit),
        ...source(queue, unit),
        [`${queueId(unit)}Param`]: parameter(`queues/${queue.name}`, ref(queueId(unit))),
      };
    }),
  );
}

function queuePair({ isFifo, batchWindowSeconds }: Queue, unit: Unit): Resources {
  const deadLetters = `${queueId(unit)}DeadLetters`;
  return {
    [queueId(unit)]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        // What is published has no id of its own, so its text is what counts.
        ...(isFifo && { FifoQueue: true, ContentBasedDeduplication: true }),
        VisibilityTimeout: unit.settings.timeout * timeoutsUntilVisible + batchWindowSeconds,
        RedrivePolicy: { deadLetterTargetArn: attribute(deadLetters, 'Arn'), maxReceiveCount },
      },
      Metadata: describePart({ ...unit, part: 'queue' }),
    },
    [deadLetters]: {
      Type: 'AWS::SQS::Queue',
      Properties: { ...(isFifo && { FifoQueue: true }), MessageRetentionPeriod: deadLetterSeconds },
      Metadata: describePart({ ...unit, part: 'deadletters' }),
    },
  };
}

/** SAM's id: a queue has one source for a function, so another could not be made before the old one has gone. */
function source({ batchSize, batchWindowSeconds }: Queue, unit: Unit): Resources {
  return {
    [sourceId(unit, `${unit.baseId}Event`)]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: attribute(queueId(unit), 'Arn'),
        FunctionName: ref(invokedId(unit)),
        BatchSize: batchSize,
        ...(batchWindowSeconds > 0 && { MaximumBatchingWindowInSeconds: batchWindowSeconds }),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
      Metadata: describePart({ ...unit, part: 'source' }),
    },
  };
}
