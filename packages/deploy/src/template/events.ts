import { invokedArn, invokedId, sourceId } from './functions.ts';
import { ref } from './intrinsics.ts';
import { topicId } from './message-rights.ts';
import { parameter } from './parameter.ts';
import { describePart, mergeResources, type Resources } from './parts.ts';
import { unitOf, type Context, type Unit } from './units.ts';

/** The topics of `@events`, the functions that are subscribed to them, and where `arc.events` finds each. */
export function events(context: Context): Resources {
  return mergeResources(
    context.app.events.map(({ name, functionName }) => {
      const unit = unitOf(context, functionName);
      return { ...topic(unit), [`${topicId(unit)}Param`]: parameter(`events/${name}`, ref(topicId(unit))) };
    }),
  );
}

/** SAM's ids: a subscription that were made anew under another one would be the same to SNS, and go with the old. */
function topic(unit: Unit): Resources {
  const subscriptionId = sourceId(unit, unit.baseId);
  return {
    [topicId(unit)]: { Type: 'AWS::SNS::Topic', Properties: {}, Metadata: describePart({ ...unit, part: 'topic' }) },
    [subscriptionId]: {
      Type: 'AWS::SNS::Subscription',
      DependsOn: [`${subscriptionId}Permission`],
      Properties: { TopicArn: ref(topicId(unit)), Protocol: 'lambda', Endpoint: invokedArn(unit) },
      Metadata: describePart({ ...unit, part: 'subscription' }),
    },
    [`${subscriptionId}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: ref(invokedId(unit)),
        Principal: 'sns.amazonaws.com',
        SourceArn: ref(topicId(unit)),
      },
      Metadata: describePart({ ...unit, part: 'permission' }),
    },
  };
}
